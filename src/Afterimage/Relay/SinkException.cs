namespace Afterimage.Relay;

/// <summary>A call of a sink failed as a whole.</summary>
/// <param name="isDown">
/// Whether the target takes nothing at all for now: unreachable, throttled, not there, access denied. Else it refuses something in the batch.
/// </param>
/// <param name="message">What the target says.</param>
/// <param name="hint">What the operator can do about it.</param>
/// <param name="cause">What was caught.</param>
public sealed class SinkException(bool isDown, string message, string hint, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>What the operator can do about it.</summary>
    public string Hint { get; } = hint;

    /// <summary>Whether waiting helps: the target takes nothing at all for now.</summary>
    public bool IsDown { get; } = isDown;
}
