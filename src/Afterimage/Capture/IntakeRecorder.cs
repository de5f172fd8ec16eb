using Afterimage.Entries;
using Afterimage.Proof;
using Afterimage.Streams.Records;
using Afterimage.Trail;

namespace Afterimage.Capture;

/// <summary>Keeps records that come without a shard, such as those that a Lambda function is given.</summary>
/// <param name="trail">Where entries are kept.</param>
/// <param name="rulesOf">What is configured for a table.</param>
/// <param name="secrets">Makes a secret of so many random bytes.</param>
public sealed class IntakeRecorder(ITrail trail, Func<string, TableRules> rulesOf, Func<int, byte[]> secrets)
{
    private const int NameBytes = 8;

    /// <summary>Keeps changes that were committed with their intents, of a table that has no stream: they are durable when this returns.</summary>
    /// <param name="stream">What stands in the stream's place.</param>
    /// <param name="records">Each as a record would tell of it, as UTF-8 JSON.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>What became of each.</returns>
    internal Task<IReadOnlyList<IntakeOutcome>> PutIntendedAsync(StreamArn stream, IReadOnlyList<ReadOnlyMemory<byte>> records, CancellationToken ct) =>
        PutAsync(stream, records, DateTimeOffset.UnixEpoch, null, ct);

    /// <summary>Keeps records of one stream: they are durable when this returns, and found by any question.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="records">Each record as delivered, as UTF-8 JSON.</param>
    /// <param name="received">What a record is filed under that hides its own time.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>What became of each.</returns>
    public Task<IReadOnlyList<IntakeOutcome>> PutAsync(StreamArn stream, IReadOnlyList<ReadOnlyMemory<byte>> records, DateTimeOffset received, CancellationToken ct) =>
        PutAsync(stream, records, received, new StampStandings(trail, stream, rulesOf(stream.Table).Stamp), ct);

    private async Task<IReadOnlyList<IntakeOutcome>> PutAsync(
        StreamArn stream, IReadOnlyList<ReadOnlyMemory<byte>> records, DateTimeOffset received, StampStandings? stamps, CancellationToken ct)
    {
        if (stamps is not null)
        {
            await stamps.LookAsync(records, ct);
        }

        _ = await trail.NameAsync($"afterimage/{Convert.ToHexStringLower(secrets(NameBytes))}", ct);
        var key = await trail.SaltKeyAsync(stream, TrailShard.Intake, secrets(ShardSalts.KeySize), ct);
        var rules = rulesOf(stream.Table);
        using var committer = new EntryCommitter(stream, TrailShard.Intake, rules, key.Span);
        var time = DateTimeOffset.FromUnixTimeSeconds(received.ToUnixTimeSeconds());
        var leaves = new List<TrailLeaf>(records.Count);
        foreach (var raw in records)
        {
            leaves.Add(committer.Commit(raw, TrailIntake.NoPlace, time, stamps is null ? StampStanding.InTransaction : await stamps.OfAsync(raw, ct)));
        }

        var outcomes = await trail.PutAsync(new TrailIntake(stream, leaves, rules), ct);
        if (stamps is not null)
        {
            await stamps.SettleAsync(leaves.Where((_, at) => outcomes[at] == IntakeOutcome.Kept).Select(leaf => leaf.Entry!), ct);
        }

        return outcomes;
    }
}
