using Afterimage.Entries;
using Afterimage.Streams.Leases;
using Afterimage.Streams.Records;
using Afterimage.Streams.Shards;
using Afterimage.Trail;

namespace Afterimage.Tests.Trail.DynamoDb;

/// <summary>A trail of which there is nothing but the log: a sealer asks for no more.</summary>
internal sealed class LogAlone(ITrailLog log) : ITrail
{
    public string Uri => "dynamodb:trail";

    public ITrailLog Log => log;

    public ILeaseStore Leases => throw new NotSupportedException();

    public ITrailNotes Notes => throw new NotSupportedException();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    public Task<ITrailInspection> InspectAsync(Func<int, byte[]> secrets, CancellationToken ct) => throw new NotSupportedException();

    public Task<string> NameAsync(string proposed, CancellationToken ct) => throw new NotSupportedException();

    public Task<string?> NameAsync(CancellationToken ct) => throw new NotSupportedException();

    public Task<ReadOnlyMemory<byte>> SaltKeyAsync(StreamArn stream, ShardId shard, ReadOnlyMemory<byte> proposed, CancellationToken ct) => throw new NotSupportedException();

    public Task ForgetSaltKeysAsync(DateTimeOffset before, CancellationToken ct) => throw new NotSupportedException();

    public Task<AppendOutcome> AppendAsync(TrailAppend append, CancellationToken ct) => throw new NotSupportedException();

    public Task<IReadOnlyList<IntakeOutcome>> PutAsync(TrailIntake intake, CancellationToken ct) => throw new NotSupportedException();

    public Task<long> PlaceIntakeAsync(CancellationToken ct) => throw new NotSupportedException();

    public Task<IReadOnlyDictionary<EntryId, AuditEntry>> FindIntakeAsync(StreamArn stream, IReadOnlyList<CommittedEntry> entries, CancellationToken ct) => throw new NotSupportedException();

    public Task KeepReadThroughAsync(StreamArn stream, IReadOnlyDictionary<ShardId, DateTimeOffset> readThrough, CancellationToken ct) => throw new NotSupportedException();

    public Task<IReadOnlyList<TrailShard>> ShardsAsync(StreamArn? stream, CancellationToken ct) => throw new NotSupportedException();

    public Task<TrailShard?> ShardAsync(StreamArn stream, ShardId shard, CancellationToken ct) => throw new NotSupportedException();

    public Task KeepTableAsync(TrailTable table, CancellationToken ct) => throw new NotSupportedException();

    public Task<bool> TryKeepTableAsync(TrailTable table, TrailTable? seen, CancellationToken ct) => throw new NotSupportedException();

    public Task<IReadOnlyList<TrailTable>> TablesAsync(CancellationToken ct) => throw new NotSupportedException();

    public Task<AuditEntry?> FindAsync(EntryId id, CancellationToken ct) => throw new NotSupportedException();

    public IAsyncEnumerable<AuditEntry> ShardEntriesAsync(StreamArn stream, ShardId shard, long fromIndex, CancellationToken ct) => throw new NotSupportedException();

    public IAsyncEnumerable<AuditEntry> HistoryAsync(HistoryFilter filter, CancellationToken ct) => throw new NotSupportedException();

    public IAsyncEnumerable<FoundEntry> SearchAsync(SearchFilter filter, CancellationToken ct) => throw new NotSupportedException();

    public Task<StreamBeginning?> BeginningAsync(StreamArn stream, CancellationToken ct) => throw new NotSupportedException();

    public Task<IReadOnlyDictionary<StreamArn, DateTimeOffset>> BegunAsync(CancellationToken ct) => throw new NotSupportedException();

    public Task<IReadOnlyList<TrailGap>> GapsAsync(CancellationToken ct) => throw new NotSupportedException();

    public Task<TrailGap?> AcknowledgeGapAsync(EntryId gap, DateTimeOffset at, string reason, CancellationToken ct) => throw new NotSupportedException();

    public Task<TrailSize> SizeAsync(CancellationToken ct) => throw new NotSupportedException();
}
