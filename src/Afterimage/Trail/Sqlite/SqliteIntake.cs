using Afterimage.Entries;
using Afterimage.Proof;
using Afterimage.Streams.Records;
using Afterimage.Streams.Shards;
using Afterimage.Trail.Bodies;

namespace Afterimage.Trail.Sqlite;

/// <summary>Entries that come without a shard's lease: within one transaction each gets its place, unless the trail has it already.</summary>
internal sealed class SqliteIntake(TrailIntake intake)
{
    private readonly EntryText text = new(intake.Stream, TrailShard.Intake, intake.Rules);

    /// <summary>Runs within the write transaction.</summary>
    public IReadOnlyList<IntakeOutcome> Run(SqliteSession session)
    {
        var stream = SqliteShards.StreamNo(session, intake.Stream);
        var row = SqliteShards.Find(session, stream, intake.Stream, TrailShard.Intake)?.Shard;
        var before = row?.Progress ?? new ShardProgress(TrailShard.Intake, null, null, 0, Finished: false);
        var leaves = new List<TrailLeaf>();
        if (before.Size == 0)
        {
            var name = session.Scalar("SELECT name FROM trail") as string ?? throw new InvalidOperationException("A trail has a name before anything is kept in it.");
            leaves.Add(LeafOf.Open(name, intake.Stream, TrailShard.Intake, parent: null, isUnread: false));
        }

        var lookups = new SqliteLookups(session);
        var fresh = new HashSet<EntryId>();
        var outcomes = new List<IntakeOutcome>();
        foreach (var leaf in intake.Leaves)
        {
            var outcome = !fresh.Add(leaf.Entry!.Id) ? IntakeOutcome.Held : lookups.Find(leaf.Entry.Id) is not { } held ? IntakeOutcome.Kept : SameChange.Is(held, Entry(leaf)) ? IntakeOutcome.Held : IntakeOutcome.Differs;
            outcomes.Add(outcome);
            if (outcome == IntakeOutcome.Kept)
            {
                leaves.Add(TrailIntake.Placed(leaf, before.Size + leaves.Count));
            }
        }

        if (outcomes.Contains(IntakeOutcome.Kept))
        {
            var tree = (row?.Tree ?? TreeState.Empty).Append([.. leaves.Select(leaf => leaf.Hash)]);
            var append = new TrailAppend(intake.Stream, before, before with { Size = before.Size + leaves.Count }, leaves, tree, intake.Rules);
            _ = new SqliteAppend(append).Run(session);
        }

        return outcomes;
    }

    /// <summary>Which of these entries came by the intake of their stream.</summary>
    public static IReadOnlyDictionary<EntryId, AuditEntry> Find(SqliteSession session, StreamArn stream, IEnumerable<CommittedEntry> entries)
    {
        if (!Has(session, stream))
        {
            return new Dictionary<EntryId, AuditEntry>();
        }

        var lookups = new SqliteLookups(session);
        return entries.Select(entry => lookups.Find(entry.Id)).OfType<AuditEntry>().Where(held => held.ShardId == TrailShard.Intake.Value).ToDictionary(held => held.Id);
    }

    /// <summary>Whether anything of a stream ever came so.</summary>
    public static bool Has(SqliteSession session, StreamArn stream) =>
        session.Scalar("SELECT 1 FROM shard AS s JOIN stream AS t ON t.no = s.stream WHERE t.arn = $1 AND s.id = $2", stream.Value, TrailShard.Intake.Value) is not null;

    private AuditEntry Entry(TrailLeaf leaf) => EntryJson.Read(text.Json(TrailIntake.NoPlace, leaf.Text, leaf.Entry!.Body));
}
