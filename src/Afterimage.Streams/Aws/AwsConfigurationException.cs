namespace Afterimage.Streams.Aws;

/// <summary>A call cannot be made at all: credentials, region or endpoint are missing or wrong. Only the operator can help.</summary>
public sealed class AwsConfigurationException(string message, string hint, Exception? innerException = null)
    : Exception(message, innerException)
{
    /// <summary>What to do about it.</summary>
    public string Hint { get; } = hint;
}
