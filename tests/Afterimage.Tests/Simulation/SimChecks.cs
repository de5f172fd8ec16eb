using Afterimage.Streams.Records;

namespace Afterimage.Tests.Simulation;

/// <summary>What must hold at the end of every history.</summary>
internal static class SimChecks
{
    public static void All(SimWorld world)
    {
        var changes = world.Tables.SelectMany(table => table.Streams).SelectMany(stream => stream.Shards).SelectMany(shard => shard.Changes)
            .ToDictionary(change => (change.Shard.Stream.Arn, change.Sequence));
        var kept = NothingIsKeptTwice(world, changes);
        ItemsStayInOrder(world, changes);
        var coverage = new SimGapChecks(world, kept);
        SimFailure.Unless(world.Tables.TrueForAll(table => table.Enabled is not { } stream || world.Trail.Beginnings.ContainsKey(stream.Arn)), "A stream was never begun.");
        foreach (var change in changes.Values.Where(change => !kept.Contains(change) && !SimBeginChecks.WasNeverWanted(world, change.Shard.Stream.Arn)))
        {
            SimFailure.Unless(change.Shard.HasLost(change), $"Not read, though it is there: {change}");
            SimFailure.Unless(coverage.Covers(change), $"Lost, and in no gap: {change}");
        }
    }

    private static HashSet<SimChange> NothingIsKeptTwice(SimWorld world, Dictionary<(StreamArn Arn, SequenceNumber Sequence), SimChange> changes)
    {
        var kept = new HashSet<SimChange>();
        foreach (var entry in world.Trail.Entries.Where(entry => entry.Gap is null))
        {
            var isKnown = changes.TryGetValue((entry.Stream, entry.Sequence!.Value), out var change);
            SimFailure.Unless(isKnown && change!.Shard.Id == entry.Shard, $"Nobody made the change of {entry}.");
            SimFailure.Unless(kept.Add(change!), $"Kept twice: {change}");
        }

        return kept;
    }

    private static void ItemsStayInOrder(SimWorld world, Dictionary<(StreamArn Arn, SequenceNumber Sequence), SimChange> changes)
    {
        var last = new Dictionary<string, SimChange>(StringComparer.Ordinal);
        foreach (var change in world.Trail.Entries.Where(entry => entry.Gap is null).Select(entry => changes[(entry.Stream, entry.Sequence!.Value)]))
        {
            SimFailure.Unless(!last.TryGetValue(change.Item, out var before) || before.Version < change.Version, $"Out of order: {change} was kept after {before}");
            last[change.Item] = change;
        }
    }
}
