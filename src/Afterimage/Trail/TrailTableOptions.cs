namespace Afterimage.Trail;

/// <summary>How a trail's table in DynamoDB is made.</summary>
public sealed record TrailTableOptions
{
    /// <summary>The ARN, id or alias of the KMS key that encrypts it; null for DynamoDB's own. For who must be able to withdraw the key.</summary>
    public string? KmsKey { get; init; }

    /// <summary>Capacity that is paid for whether it is used or not; null for on-demand. For who has steady load, or a limit on what may be spent.</summary>
    public TableCapacity? Capacity { get; init; }
}

/// <summary>Provisioned capacity, of a table and of each of its indexes.</summary>
/// <param name="Read">Read units a second.</param>
/// <param name="Write">Write units a second.</param>
public sealed record TableCapacity(long Read, long Write);
