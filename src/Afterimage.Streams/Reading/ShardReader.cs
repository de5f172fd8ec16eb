using Afterimage.Streams.Aws;
using Afterimage.Streams.Records;
using Afterimage.Streams.Shards;

namespace Afterimage.Streams.Reading;

/// <summary>Reads one shard, a page at a time.</summary>
internal sealed class ShardReader(StreamArn stream, ShardProgress start, IStreamsApi api, IShardJournal journal, TimeProvider time)
{
    private readonly Queue<DateTimeOffset> emptyReads = new();
    private string? iterator;
    private (string Iterator, Task<RecordsPage> Page)? ahead;

    public StreamArn Stream { get; } = stream;

    public ShardProgress Progress { get; private set; } = start;

    /// <summary>Up to when everything written is taken for read, from the quiet of the shard; null where it is not quiet.</summary>
    /// <remarks>One empty read proves nothing: a page can be empty in the middle of a shard. Three in a row are taken for its end.</remarks>
    public DateTimeOffset? ReadThrough => emptyReads.Count == EmptyReadsOfQuiet ? emptyReads.Peek() : null;

    private const int EmptyReadsOfQuiet = 3;

    /// <summary>Reads one page and keeps it.</summary>
    /// <param name="stop">Gives up waiting for the page; nothing of it is lost by that.</param>
    /// <param name="abandon">Gives up keeping it as well.</param>
    public async Task<ReadResult> ReadAsync(CancellationToken stop, CancellationToken abandon)
    {
        var began = time.GetUtcNow();
        RecordsPage page;
        try
        {
            iterator ??= await api.GetShardIteratorAsync(Stream, Progress.Shard, Progress.Last, stop);
            page = await PageAsync(iterator, stop);
        }
        catch (ExpiredIteratorException)
        {
            // The next read takes a new iterator after the last record that was kept.
            iterator = null;
            return ReadResult.Again;
        }
        catch (TrimmedDataException e)
        {
            throw new LostChangesException(Stream, Progress, e);
        }

        if (page.Records.Count == 0 && page.NextIterator is not null)
        {
            iterator = page.NextIterator;
            NoteEmpty(began);
            return ReadResult.Empty;
        }

        // A full page says that more is waiting: the next one is fetched while this one is kept. If that fails, it is fetched again.
        ahead = page.NextIterator is { } next && IsFull(page) ? (next, FetchAsync(next, stop)) : null;

        // A crash before the commit repeats the page; one after it goes on behind it. Only then does the iterator move.
        var batch = new StreamBatch(Stream, Progress.Shard, page.Records, EndsShard: page.NextIterator is null);
        switch (await journal.KeepAsync(batch, Progress, abandon))
        {
            case KeepResult.Kept kept:
                Progress = kept.After;
                iterator = page.NextIterator;
                emptyReads.Clear();
                return page.NextIterator is null ? ReadResult.Ended : IsFull(page) ? ReadResult.FullPage : ReadResult.Records;
            default:
                iterator = null;
                await ReadProgressAgainAsync(abandon);
                return Progress.Finished ? ReadResult.Ended : ReadResult.Again;
        }
    }

    private Task<RecordsPage> PageAsync(string from, CancellationToken stop)
    {
        var fetched = ahead;
        ahead = null;
        return fetched is { } page && page.Iterator == from ? page.Page : FetchAsync(from, stop);
    }

    private async Task<RecordsPage> FetchAsync(string from, CancellationToken stop) => await api.GetRecordsAsync(from, stop);

    private async Task ReadProgressAgainAsync(CancellationToken ct)
    {
        var rows = await journal.ReadAsync(Stream, ct);
        Progress = rows.FirstOrDefault(row => row.Shard == Progress.Shard) ?? Progress with { Last = null, Size = 0, Finished = false };
    }

    private void NoteEmpty(DateTimeOffset began)
    {
        emptyReads.Enqueue(began);
        if (emptyReads.Count > EmptyReadsOfQuiet)
        {
            emptyReads.Dequeue();
        }
    }

    // A page ends at 1,000 records or 1 MB: either says that more is waiting.
    private static bool IsFull(RecordsPage page) => page.Records.Count >= 1_000 || page.Records.Sum(record => (long)record.Length) >= 900_000;
}

/// <summary>What one read of a shard gave.</summary>
internal enum ReadResult
{
    /// <summary>Nothing, which proves nothing.</summary>
    Empty,

    /// <summary>Records, and the page had room for more.</summary>
    Records,

    /// <summary>As many records as a page takes.</summary>
    FullPage,

    /// <summary>The shard is closed and everything in it is kept.</summary>
    Ended,

    /// <summary>The place to read from has changed: read at once.</summary>
    Again,
}
