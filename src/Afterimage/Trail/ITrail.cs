using Afterimage.Entries;
using Afterimage.Proof;
using Afterimage.Streams.Leases;
using Afterimage.Streams.Records;
using Afterimage.Streams.Shards;

namespace Afterimage.Trail;

/// <summary>Where entries are kept, in shard order. Entries are only ever added.</summary>
/// <remarks>Every method throws <see cref="AfterimageException"/> where the operator must act: a full disk, a missing permission, a file of another program.</remarks>
public interface ITrail : IAsyncDisposable
{
    /// <summary>The trail's address as the user wrote it.</summary>
    string Uri { get; }

    /// <summary>Who reads which shard: the leases are in the rows that appends go by.</summary>
    ILeaseStore Leases { get; }

    /// <summary>What shows that the trail was not altered.</summary>
    ITrailLog Log { get; }

    /// <summary>What those who pass entries on keep in the trail.</summary>
    ITrailNotes Notes { get; }

    /// <summary>What was committed together with changes and tells of them; null where the trail is no table that a transaction could write to.</summary>
    ITransactionIntents? Intents => null;

    /// <summary>Takes down what the trail keeps now, to be checked.</summary>
    /// <param name="secrets">Makes a secret of so many random bytes.</param>
    /// <param name="ct">Gives up.</param>
    Task<ITrailInspection> InspectAsync(Func<int, byte[]> secrets, CancellationToken ct);

    /// <summary>The name that the trail's shards are opened under. The first one proposed stays for good.</summary>
    Task<string> NameAsync(string proposed, CancellationToken ct);

    /// <summary>The trail's name; null before it was given one.</summary>
    Task<string?> NameAsync(CancellationToken ct);

    /// <summary>
    /// The secret that the salts of a shard's entries are made from, kept where those who may read the trail may not. The first one proposed
    /// stays; it is durable when this returns.
    /// </summary>
    Task<ReadOnlyMemory<byte>> SaltKeyAsync(StreamArn stream, ShardId shard, ReadOnlyMemory<byte> proposed, CancellationToken ct);

    /// <summary>Destroys the salt keys of shards that are finished and whose newest entry is older than this.</summary>
    Task ForgetSaltKeysAsync(DateTimeOffset before, CancellationToken ct);

    /// <summary>
    /// Keeps a batch's entries and moves the shard's row past them in one commit: after a crash either both are there or neither.
    /// </summary>
    /// <returns>Whether the shard's row still stood where the append began, under the same lease. If not, nothing was written.</returns>
    Task<AppendOutcome> AppendAsync(TrailAppend append, CancellationToken ct);

    /// <summary>
    /// Keeps entries that come without a shard's lease, each by its id: durable and found by any question when this returns. Each gets its place in the stream's
    /// shard of such entries, at once or when <see cref="PlaceIntakeAsync"/> is called.
    /// </summary>
    /// <returns>What became of each.</returns>
    Task<IReadOnlyList<IntakeOutcome>> PutAsync(TrailIntake intake, CancellationToken ct);

    /// <summary>Gives places to entries that wait for theirs. Any number of processes may do so at once.</summary>
    /// <returns>How many got one.</returns>
    Task<long> PlaceIntakeAsync(CancellationToken ct);

    /// <summary>Which of these entries came by <see cref="PutAsync"/>, as the trail holds them.</summary>
    Task<IReadOnlyDictionary<EntryId, AuditEntry>> FindIntakeAsync(StreamArn stream, IReadOnlyList<CommittedEntry> entries, CancellationToken ct);

    /// <summary>Notes up to when open shards are known to be read; it moves nothing else and never goes back.</summary>
    Task KeepReadThroughAsync(StreamArn stream, IReadOnlyDictionary<ShardId, DateTimeOffset> readThrough, CancellationToken ct);

    /// <summary>The rows of a stream's shards, or of all shards in the trail.</summary>
    Task<IReadOnlyList<TrailShard>> ShardsAsync(StreamArn? stream, CancellationToken ct);

    /// <summary>A shard's row; null before anything of it was kept.</summary>
    Task<TrailShard?> ShardAsync(StreamArn stream, ShardId shard, CancellationToken ct);

    /// <summary>Notes a table that the trail follows, or what has become of it.</summary>
    Task KeepTableAsync(TrailTable table, CancellationToken ct);

    /// <summary>Notes a table if the trail still says of it what was seen; null where it said nothing.</summary>
    /// <returns>Whether it was noted. If not, another process was first.</returns>
    Task<bool> TryKeepTableAsync(TrailTable table, TrailTable? seen, CancellationToken ct);

    /// <summary>Every table that the trail follows or followed, by name.</summary>
    Task<IReadOnlyList<TrailTable>> TablesAsync(CancellationToken ct);

    /// <summary>One entry; null where the trail holds none of that id.</summary>
    Task<AuditEntry?> FindAsync(EntryId id, CancellationToken ct);

    /// <summary>The entries of one shard in its order, from an index on.</summary>
    IAsyncEnumerable<AuditEntry> ShardEntriesAsync(StreamArn stream, ShardId shard, long fromIndex, CancellationToken ct);

    /// <summary>The changes of one item, or of all items under one partition key, in the order in which they happened.</summary>
    IAsyncEnumerable<AuditEntry> HistoryAsync(HistoryFilter filter, CancellationToken ct);

    /// <summary>Entries that match every given filter, newest first.</summary>
    IAsyncEnumerable<FoundEntry> SearchAsync(SearchFilter filter, CancellationToken ct);

    /// <summary>How the reading of a stream began; null before it did.</summary>
    Task<StreamBeginning?> BeginningAsync(StreamArn stream, CancellationToken ct);

    /// <summary>When the reading of each stream began.</summary>
    Task<IReadOnlyDictionary<StreamArn, DateTimeOffset>> BegunAsync(CancellationToken ct);

    /// <summary>Every gap, in the order in which they were kept.</summary>
    Task<IReadOnlyList<TrailGap>> GapsAsync(CancellationToken ct);

    /// <summary>Notes that somebody knows of a gap and why it is there. It stays a gap, and the first reason stays.</summary>
    /// <returns>The gap as it is kept now; null where the trail has none of this id.</returns>
    Task<TrailGap?> AcknowledgeGapAsync(EntryId gap, DateTimeOffset at, string reason, CancellationToken ct);

    /// <summary>How large the trail is.</summary>
    Task<TrailSize> SizeAsync(CancellationToken ct);
}

/// <summary>A batch to be kept.</summary>
/// <param name="Stream">The stream.</param>
/// <param name="Before">The shard's row as it stood when the batch was read: its size is the condition of the append.</param>
/// <param name="After">The row to be.</param>
/// <param name="Leaves">The leaves in the places from <c>Before.Size</c> to <c>After.Size - 1</c>.</param>
/// <param name="Tree">The shard's tree with these leaves.</param>
/// <param name="Rules">What was configured for the table: what entries say besides what was delivered follows from it.</param>
public sealed record TrailAppend(
    StreamArn Stream,
    ShardProgress Before,
    ShardProgress After,
    IReadOnlyList<TrailLeaf> Leaves,
    TreeState Tree,
    TableRules Rules)
{
    /// <summary>How the reading of the stream begins, where that is what is kept; null everywhere else.</summary>
    public StreamBeginning? Beginning { get; init; }

    /// <summary>The entries among the leaves.</summary>
    public IEnumerable<CommittedEntry> Entries => Leaves.Where(leaf => leaf.Entry is not null).Select(leaf => leaf.Entry!);

    /// <summary>Holds the append to what every one of them must be.</summary>
    /// <exception cref="ArgumentException">It does not lead from its one row to the other, or goes on behind an end.</exception>
    internal void Check()
    {
        var goesBack = Before.Last > After.Last || (Before.Last is not null && After.Last is null);
        if (Before.Shard != After.Shard || After.Size != Before.Size + Leaves.Count || Tree.Size != After.Size || goesBack)
        {
            throw new ArgumentException($"The append does not lead from {Before} to {After} with {Leaves.Count} leaves and a tree of {Tree.Size}.");
        }

        if (Before.Finished && (Leaves.Count > 0 || !After.Finished))
        {
            throw new ArgumentException($"Nothing follows the end of the finished shard {Before.Shard}.");
        }
    }
}

/// <summary>What became of an append.</summary>
public enum AppendOutcome
{
    /// <summary>The batch is durable: written now, or found exactly as it was to be written.</summary>
    Kept,

    /// <summary>The shard's row had moved: another worker was there. Nothing was written.</summary>
    Superseded,

    /// <summary>Some of the entries came by the intake, so that the trail holds them already. Nothing was written: in their places the shard can only say that it has seen them.</summary>
    Met,
}

/// <summary>A shard's row.</summary>
/// <param name="Stream">The stream.</param>
/// <param name="Progress">How far it has been read and kept.</param>
/// <param name="Tree">The tree of its leaves.</param>
/// <param name="Entries">How many entries are among them.</param>
/// <param name="LastEntryTime">The time of its newest change.</param>
public sealed record TrailShard(StreamArn Stream, ShardProgress Progress, TreeState Tree, long Entries, DateTimeOffset? LastEntryTime)
{
    /// <summary>
    /// The shard of a stream, beside those that DynamoDB has, in which the trail says how the reading of the stream began. Shards of DynamoDB
    /// are called otherwise (API reference, <c>Shard.ShardId</c>).
    /// </summary>
    public static ShardId OfTable(string table) => new($"_table/{table}");

    /// <summary>The shard of a stream in which entries get their places that came without one: sequence numbers need not rise in it.</summary>
    public static ShardId Intake { get; } = new("_intake");

    /// <summary>Whether DynamoDB has the shard too.</summary>
    public bool IsOfStream => !Progress.Shard.Value.StartsWith('_');
}

/// <summary>A gap of the trail.</summary>
/// <param name="Entry">The entry that says so.</param>
/// <param name="Acknowledged">When somebody took note of it; null as long as nobody did.</param>
/// <param name="Reason">What they wrote about it.</param>
public sealed record TrailGap(AuditEntry Entry, DateTimeOffset? Acknowledged, string? Reason);

/// <summary>A table the trail follows.</summary>
/// <param name="Name">Its name.</param>
/// <param name="PartitionKey">The partition key's attribute.</param>
/// <param name="SortKey">The sort key's attribute; null where there is none.</param>
/// <param name="Stream">The newest stream that was followed; null before the first.</param>
/// <param name="Followed">False after <c>disable</c>, until <c>enable</c>.</param>
public sealed record TrailTable(string Name, KeyAttribute PartitionKey, KeyAttribute? SortKey, StreamArn? Stream, bool Followed)
{
    /// <summary>How changes become entries that were committed with their intents; null where none are expected.</summary>
    public TableTransactions? Transactions { get; init; }
}

/// <summary>How changes become entries that were committed with their intents.</summary>
/// <param name="Intake">What stands in the place of a stream; null where the table has one, whose records become the entries.</param>
public sealed record TableTransactions(StreamArn? Intake);

/// <summary>One attribute of a table's key.</summary>
/// <param name="Name">The attribute.</param>
/// <param name="Kind">S, N or B.</param>
public sealed record KeyAttribute(string Name, AttributeKind Kind);

/// <summary>How large the trail is.</summary>
/// <param name="Entries">The number of entries.</param>
/// <param name="Bytes">What it takes on disk; null where it cannot be known.</param>
public sealed record TrailSize(long Entries, long? Bytes);
