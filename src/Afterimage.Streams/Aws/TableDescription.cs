using Afterimage.Streams.Records;

namespace Afterimage.Streams.Aws;

/// <summary>What DescribeTable says of a table, as far as its stream is concerned.</summary>
/// <param name="Name">The table's name.</param>
/// <param name="Arn">The table's ARN.</param>
/// <param name="Status">CREATING, UPDATING, ACTIVE, DELETING and so on.</param>
/// <param name="Keys">The key's attributes, the partition key first.</param>
/// <param name="StreamEnabled">Whether changes are being written to a stream now.</param>
/// <param name="ViewType">Which images that stream carries; null while none is enabled.</param>
/// <param name="LatestStream">The newest stream, which stays readable for 24 hours after it was disabled; null if there never was one.</param>
/// <param name="Replicated">Whether the table is a global table, whose streams allow one reader a shard instead of two.</param>
public sealed record TableDescription(
    string Name,
    string Arn,
    string Status,
    IReadOnlyList<KeyAttribute> Keys,
    bool StreamEnabled,
    string? ViewType,
    StreamArn? LatestStream,
    bool Replicated);

/// <summary>An attribute of a table's key.</summary>
/// <param name="Name">The attribute's name.</param>
/// <param name="Type">S, N or B.</param>
public sealed record KeyAttribute(string Name, string Type);
