namespace Afterimage.Trail;

/// <summary>
/// What was to be kept contradicts what the trail already holds. Nothing was written; the operator cannot mend it, and going on
/// would lose or alter an entry, so it is never caught and passed over.
/// </summary>
public sealed class InvariantViolationException(string message, Exception? innerException = null) : Exception(message, innerException);
