using Afterimage.Entries;
using Afterimage.Streams.Records;
using Afterimage.Streams.Shards;
using Afterimage.Trail.DynamoDb.Table;

namespace Afterimage.Trail.DynamoDb;

/// <summary>How streams began: kept in the row of the shard whose first entry says so.</summary>
internal static class DynamoBeginnings
{
    /// <summary>What is written into the row.</summary>
    public static IEnumerable<(string Name, AttributeValue? Value)> Attributes(StreamBeginning beginning) =>
    [
        ("beginningPrevious", Cell.Of(beginning.Previous?.Value)),
        ("beginningAt", Cell.Of((DateTimeOffset?)beginning.At)),
        ("beginningFrom", Cell.Of(EntryWords.Of(beginning.From))),
        ("beginningListed", Cell.Of(beginning.Listed.Select(shard => shard.Value))),
        ("beginningBegins", Cell.Of(beginning.Begins.Select(shard => shard.Value))),
    ];

    /// <summary>How a stream began; null before it did.</summary>
    public static async Task<StreamBeginning?> FindAsync(IItemTable table, StreamArn stream, CancellationToken ct) =>
        await table.GetAsync(Layout.RowOf(stream, TrailShard.OfTable(stream.Table)), ct) is { } row && Cell.Moment(row.TextOrNull("beginningAt")) is { } at
            ? new StreamBeginning(
                stream,
                row.TextOrNull("beginningPrevious") is { } previous ? new StreamArn(previous) : null,
                at,
                EntryWords.ReadStart(row.Text("beginningFrom")),
                [.. row.Texts("beginningListed").Select(shard => new ShardId(shard))],
                [.. row.Texts("beginningBegins").Select(shard => new ShardId(shard))])
            : null;
}
