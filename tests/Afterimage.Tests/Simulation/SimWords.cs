using Afterimage.Capture;
using Afterimage.Streams.Aws;
using Afterimage.Streams.Reading;
using Afterimage.Streams.Records;
using Afterimage.Streams.Shards;

namespace Afterimage.Tests.Simulation;

/// <summary>Says in a few words what went over the wire, for whoever follows a history.</summary>
internal static class SimWords
{
    public static string Of(object? answer) => answer switch
    {
        null => "nothing",
        TableDescription table => $"{table.Name} {table.LatestStream?.Label ?? "without a stream"}{(table.StreamEnabled ? string.Empty : " switched off")}",
        KnownTables known => string.Join(' ', known.Tables.Select(table => $"{table.Name}:{table.Stream?.Label}").Concat(known.Streams.Select(one => $"{one.Stream.Label}{(one.IsFinished ? " read" : string.Empty)}"))),
        IEnumerable<string> names => string.Join(' ', names),
        StreamDescription page => $"{page.Status} {string.Join(' ', page.Shards.Select(Of))} {(page.LastEvaluatedShard is null ? "end" : "more")}",
        RecordsPage page => $"[{string.Join(' ', page.Records.Select(raw => Short(StreamRecord.Read(raw).SequenceNumber)))}] {page.NextIterator ?? "end"}",
        StreamProgress kept => $"{(kept.Beginning is null ? "not begun" : "begun")} {string.Join(' ', kept.Shards.Select(Of))}",
        StreamBeginning begun => $"begins {string.Join(' ', begun.Begins)} of {string.Join(' ', begun.Listed)} after {begun.Previous?.Label ?? "nothing"}",
        KeepResult.Kept kept => $"kept {Of(kept.After)}",
        KeepResult.Superseded => "superseded",
        _ => answer.ToString()!,
    };

    public static string Short(SequenceNumber? sequence) => sequence is { } number ? number.Text.TrimStart('1', '0').PadLeft(1, '0') : "none";

    private static string Of(Shard shard) => $"{shard.Id}{(shard.Parent is { } parent ? $"<{parent}" : string.Empty)}{(shard.Ending is { } end ? $"!{Short(end)}" : string.Empty)}";

    private static string Of(ShardProgress row) =>
        $"{row.Shard}@{Short(row.Last)}/{row.Size}{(row.EndsInGap ? "gap" : string.Empty)}{(row.Finished ? "fin" : string.Empty)}";
}
