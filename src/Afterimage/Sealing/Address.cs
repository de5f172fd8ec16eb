namespace Afterimage.Sealing;

/// <summary>Where a signing key or a witness is.</summary>
internal abstract record Address
{
    /// <summary>How the addresses of signing keys are written.</summary>
    public const string KeyForms = "Write file:PATH, kms:ARN or kms:alias/NAME, such as file:afterimage.key.";

    /// <summary>How the addresses of witnesses are written.</summary>
    public const string WitnessForms = "Write file:FOLDER or s3://BUCKET/PREFIX, such as file:./witness.";

    private const string File = "file:";
    private const string Kms = "kms:";
    private const string S3 = "s3://";

    /// <summary>The address of a key; null where the text is none.</summary>
    public static Address? OfKey(string uri) => PathIn(uri) is { } path ? new OnDisk(path) : Rest(uri, Kms) is { } id ? KeyInKms(id) : null;

    /// <summary>The address of a witness; null where the text is none.</summary>
    public static Address? OfWitness(string uri) => PathIn(uri) is { } path ? new OnDisk(path) : Rest(uri, S3) is { } rest ? PlaceInS3(rest) : null;

    // Two slashes begin the name of a machine, which no path of this one has: file://./witness would be the folder /witness.
    private static string? PathIn(string uri) => Rest(uri, File) is { Length: > 0 } path
        && (!path.StartsWith("//", StringComparison.Ordinal) || path.StartsWith("///", StringComparison.Ordinal)) ? path : null;

    private static InKms? KeyInKms(string id) => id.Split(':', 6) switch
    {
        [var alias] when IsAlias(alias) => new(id, null),
        ["arn", { Length: > 0 }, "kms", { Length: > 0 } region, { Length: 12 }, var key] when IsAlias(key) || key.StartsWith("key/", StringComparison.Ordinal) => new(id, region),
        _ => null,
    };

    // The characters of KMS's aliases (API reference, CreateAlias).
    private static bool IsAlias(string text) => text.StartsWith("alias/", StringComparison.Ordinal) && text.Length > "alias/".Length
        && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '_' or '-');

    private static InS3? PlaceInS3(string rest)
    {
        var parts = rest.Split('/', 2);
        var bucket = parts[0];
        // From 3 to 63 characters (S3 user guide, bucket naming rules).
        return bucket.Length is >= 3 and <= 63 && bucket.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '.' or '-')
            ? new(bucket, parts is [_, var prefix] && prefix.Trim('/') is { Length: > 0 } folder ? $"{folder}/" : string.Empty)
            : null;
    }

    private static string? Rest(string uri, string scheme) => uri.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) ? uri[scheme.Length..] : null;

    /// <summary>A file or a folder of this machine.</summary>
    internal sealed record OnDisk(string Path) : Address;

    /// <summary>A key of AWS KMS.</summary>
    /// <param name="Id">Its ARN or its alias.</param>
    /// <param name="Region">The region that the ARN names; null for an alias.</param>
    internal sealed record InKms(string Id, string? Region) : Address;

    /// <summary>A place in a bucket.</summary>
    /// <param name="Bucket">The bucket.</param>
    /// <param name="Folder">What keys begin with: empty, or with a slash at its end.</param>
    internal sealed record InS3(string Bucket, string Folder) : Address;
}
