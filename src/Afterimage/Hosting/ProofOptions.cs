using Afterimage.Proof;
using Afterimage.Sealing;

namespace Afterimage.Hosting;

/// <summary>How the trail is sealed, and who else holds what was sealed.</summary>
public sealed record ProofOptions
{
    /// <summary>The address of the signing key where none is given.</summary>
    public const string DefaultKey = "file:afterimage.key";

    /// <summary>The shortest pause between two seals. Below it signatures would cost more than entries.</summary>
    public static readonly TimeSpan SealEveryMin = TimeSpan.FromSeconds(1);

    // A call of KMS costs money; a local signature does not.
    private static readonly TimeSpan SealEveryLocally = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan SealEveryInKms = TimeSpan.FromSeconds(60);

    /// <summary>The name that checkpoints are signed under; null leaves it to the name that the trail has made for itself.</summary>
    public string? Origin { get; init; }

    /// <summary>How often the trail is sealed while it grows; null means every 10 seconds with a key in a file, every 60 with one of KMS.</summary>
    public TimeSpan? SealEvery { get; init; }

    /// <summary>The address of the signing key: <c>file:PATH</c>, <c>kms:ARN</c> or <c>kms:alias/NAME</c>.</summary>
    public string Key { get; init; } = DefaultKey;

    /// <summary>The addresses of the witnesses: <c>file:FOLDER</c> or <c>s3://BUCKET/PREFIX</c>.</summary>
    public IReadOnlyList<string> Witness { get; init; } = [];

    /// <summary>How often the trail is sealed while it grows, with what the key says where nothing else was given.</summary>
    public TimeSpan Pace => SealEvery ?? (Address.OfKey(Key) is Address.InKms ? SealEveryInKms : SealEveryLocally);

    /// <summary>Everything that is wrong: the setting's name in the file, what is wrong with it, and what to do about it.</summary>
    internal IEnumerable<(string Name, string What, string Hint)> Problems()
    {
        if (Origin is not null && !CanSign(Origin))
        {
            yield return ("origin", $"is '{Origin}', which cannot be signed under.", "Names have no spaces, no controls and no plus, and are not empty: audit.example.com/orders.");
        }

        if (SealEvery < SealEveryMin)
        {
            yield return ("sealEvery", "is less than a second.", "Write 1s or more, such as 10s.");
        }

        if (Address.OfKey(Key) is null)
        {
            yield return ("key", $"is '{Key}', which is not the address of a signing key.", Address.KeyForms);
        }

        foreach (var witness in Witness.Where(witness => Address.OfWitness(witness) is null))
        {
            yield return ("witness", $"names '{witness}', which is not the address of a witness.", Address.WitnessForms);
        }
    }

    private static bool CanSign(string origin)
    {
        try
        {
            VerifierKey.CheckName(origin);
            return true;
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
