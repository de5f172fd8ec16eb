using System.CommandLine;
using Afterimage.Proof;

namespace Afterimage.App;

/// <summary>The option that names the key which checkpoints are checked with.</summary>
internal static class KeyOption
{
    public static Option<string?> Make(bool isRequired) => new("--key")
    {
        Description = isRequired ? "The verifier key: NAME+ID+KEY" : "The verifier key, NAME+ID+KEY, got by another way than the trail (default: that of the key which seals)",
        HelpName = "VKEY",
        Required = isRequired,
    };

    /// <summary>Reads a key as it was given.</summary>
    /// <exception cref="UsageException">It is none.</exception>
    public static VerifierKey Parse(string text)
    {
        try
        {
            return VerifierKey.Parse(text);
        }
        catch (FormatException e)
        {
            throw new UsageException($"--key is no verifier key: {e.Message}", "Give the whole text that afterimage run printed for this trail, in quotes.");
        }
    }
}
