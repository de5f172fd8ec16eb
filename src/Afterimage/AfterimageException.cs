namespace Afterimage;

/// <summary>A problem that the operator can mend: printed as "Error:" and, from <see cref="Hint"/>, "Try:".</summary>
public sealed class AfterimageException(string message, string hint, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>What to do about it.</summary>
    public string Hint { get; } = hint;
}
