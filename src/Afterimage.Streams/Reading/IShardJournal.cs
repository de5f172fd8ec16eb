using Afterimage.Streams.Records;
using Afterimage.Streams.Shards;

namespace Afterimage.Streams.Reading;

/// <summary>Keeps what was read, together with how far: both in one commit, so that no crash can part them.</summary>
public interface IShardJournal
{
    /// <summary>What is known of a stream.</summary>
    Task<StreamProgress> ReadAsync(StreamArn stream, CancellationToken ct);

    /// <summary>Keeps how the reading of a stream begins, before anything of it is kept: a <c>lifecycle</c> of the table, or a gap after the stream before.</summary>
    /// <returns>The beginning that counts: an earlier one where there is one.</returns>
    Task<StreamBeginning> BeginAsync(StreamBeginning beginning, CancellationToken ct);

    /// <summary>Keeps a batch and moves the shard's progress past it: the gap is an entry, and so is each record.</summary>
    /// <param name="batch">What was read after <paramref name="before"/>; it may repeat records that were already kept.</param>
    /// <param name="before">The progress the batch was read from. It is kept only if the shard's row still stands there, its epoch included.</param>
    /// <param name="ct">Abandons the commit; whether it took effect is then unknown.</param>
    Task<KeepResult> KeepAsync(StreamBatch batch, ShardProgress before, CancellationToken ct);

    /// <summary>Notes up to when quiet shards are taken for read. Nothing is read from there; it tells later whether something can have been trimmed.</summary>
    Task NoteReadThroughAsync(StreamArn stream, IReadOnlyDictionary<ShardId, DateTimeOffset> readThrough, CancellationToken ct);
}

/// <summary>What became of a batch: exactly one of its two kinds.</summary>
public abstract record KeepResult
{
    private KeepResult()
    {
    }

    /// <summary>The batch is durable.</summary>
    public sealed record Kept(ShardProgress After) : KeepResult;

    /// <summary>The shard stands elsewhere, or under another epoch; nothing was written. Read its row again: under another epoch it is another worker's.</summary>
    public sealed record Superseded : KeepResult;
}
