using Afterimage.Streams.Aws;
using Afterimage.Streams.Records;
using Afterimage.Streams.Shards;

namespace Afterimage.Streams.Reading;

/// <summary>Reads one shard, a page at a time.</summary>
/// <param name="api">The service.</param>
/// <param name="stream">The stream.</param>
/// <param name="start">How far the shard is kept.</param>
/// <param name="shop">What readers share.</param>
internal sealed class ShardReader(IStreamsApi api, StreamArn stream, ShardProgress start, Workshop shop)
{
    private const int EmptyReadsOfQuiet = 3;

    // Between being told the horizon and reading there it can move on: so many times in a row, with ever longer pauses, it does not.
    private const int DenialsOfTheTrimmed = 5;

    // Iterators live for 15 minutes: one that was not used for long is not tried.
    private static readonly TimeSpan IteratorLife = TimeSpan.FromMinutes(10);

    private readonly Queue<DateTimeOffset> emptyReads = new();
    private string? iterator;
    private TimeSpan iteratorSince;
    private bool isTrimmed;
    private int denialsAtHorizon;
    private bool mayHaveLostHead;
    private Fetch? ahead;

    public ShardProgress Progress { get; private set; } = start;

    /// <summary>Up to when everything written is taken for read, from the quiet of the shard; null where it is not quiet.</summary>
    /// <remarks>One empty read proves nothing: a page can be empty in the middle of a shard. Three in a row are taken for its end.</remarks>
    public DateTimeOffset? ReadThrough => emptyReads.Count == EmptyReadsOfQuiet ? emptyReads.Peek() : null;

    /// <summary>Reads one page and keeps it.</summary>
    /// <param name="history">What is known of the shard as the read begins.</param>
    public async Task<ReadResult> ReadAsync(ShardHistory history)
    {
        DateTimeOffset began;
        RecordsPage page;
        try
        {
            if (iterator is null || shop.Now - iteratorSince > IteratorLife)
            {
                await OpenAsync(history, shop.UtcNow);
            }

            var fetch = TakeFetch(iterator!);
            began = fetch.Began;
            page = await fetch.Page;
        }
        catch (ExpiredIteratorException)
        {
            // The next read takes a new iterator after the last record that was kept.
            iterator = null;
            return ReadResult.Expired;
        }
        catch (TrimmedDataException)
        {
            // The next read goes on at the horizon. Where nothing was kept before, what is trimmed was never begun.
            iterator = null;
            var isNews = Progress.Last is not null && !Progress.EndsInGap && !isTrimmed;
            isTrimmed |= isNews;
            if (isNews || ++denialsAtHorizon < DenialsOfTheTrimmed || history.Listed?.Ending is null)
            {
                return isNews ? ReadResult.Trimmed : ReadResult.Expired;
            }

            // A closed shard that denies its own horizon holds nothing any more, though it is still listed: DynamoDB Local does so.
            (page, began) = (new RecordsPage([], null), shop.UtcNow);
        }
        catch (ResourceNotFoundException)
        {
            iterator = null;
            return ReadResult.Missing;
        }

        return await KeepAsync(page, history, began);
    }

    private async Task OpenAsync(ShardHistory history, DateTimeOffset now)
    {
        // What follows a gap is read from the horizon: the place after the last record is not there any more.
        var after = isTrimmed || Progress.EndsInGap ? null : Progress.Last;

        // The horizon says nothing of what it has passed over since the shard, or what was before it, was last read.
        mayHaveLostHead = Progress.Last is null && !Progress.EndsInGap && MayHaveTrimmed(history.ReadThrough) && MayHaveTrimmed(await ReadThroughOfOthersAsync());
        iterator = null;
        iterator = await api.GetShardIteratorAsync(stream, Progress.Shard, after, shop.Stop);
        iteratorSince = shop.Now;

        bool MayHaveTrimmed(DateTimeOffset? since) => Later(ReadThrough, since) is { } moment && Retention.MayHaveTrimmed(moment, now);
    }

    // A process that slept for a day does not know what others have read meanwhile.
    private async Task<DateTimeOffset?> ReadThroughOfOthersAsync()
    {
        var rows = (await shop.Journal.ReadAsync(stream, shop.Stop)).Shards;
        return rows.Where(row => row.Shard == Progress.Shard || row.Shard == Progress.Parent).Max(row => Later(row.ReadThrough, row.GapFoundAt)) ?? DateTimeOffset.MinValue;
    }

    private void MoveTo(string? next)
    {
        iterator = next;
        iteratorSince = shop.Now;
        mayHaveLostHead = false;
    }

    private async Task<ReadResult> KeepAsync(RecordsPage page, ShardHistory history, DateTimeOffset began)
    {
        var records = Progress.Last is null && history.SkipBefore is { } moment ? [.. page.Records.Where(raw => !IsOlder(raw, moment))] : page.Records;
        var gap = FindGap(page, records, history);
        if (records.Count == 0 && page.NextIterator is not null && gap is null)
        {
            denialsAtHorizon = 0;
            MoveTo(page.NextIterator);
            NoteEmpty(page, began);
            return page.Records.Count == 0 ? ReadResult.Empty : ReadResult.FullPage;
        }

        // A full page says that more is waiting: the next one is fetched while this one is kept. If that fails, it is fetched again.
        ahead = page.NextIterator is { } next && IsFull(page) ? StartFetch(next) : null;

        // A crash before the commit repeats the page; one after it goes on behind it. Only then does the iterator move. The gap and what
        // follows it are one commit: the number that it names as the next one seen is kept.
        var batch = new StreamBatch(stream, Progress.Shard, records, EndsShard: page.NextIterator is null)
        {
            Gap = gap,
            ReadThrough = records.Count == 0 && gap is null ? Later(ReadThrough, history.ReadThrough) : null,
        };
        switch (await shop.Journal.KeepAsync(batch, Progress, shop.Abandon))
        {
            case KeepResult.Kept kept:
                var isNew = kept.After.Size > Progress.Size;
                Progress = kept.After;
                MoveTo(page.NextIterator);
                isTrimmed = false;
                denialsAtHorizon = 0;
                emptyReads.Clear();
                return page.NextIterator is null ? ReadResult.Ended : !isNew ? ReadResult.Repeats : IsFull(page) ? ReadResult.FullPage : ReadResult.Records;
            default:
                return await GoBackAsync();
        }
    }

    private ShardGap? FindGap(RecordsPage page, IReadOnlyList<ReadOnlyMemory<byte>> records, ShardHistory history)
    {
        var first = page.Records.Count > 0 ? StreamRecord.TrySalvageSequenceNumber(page.Records[0]) : null;
        var isHeadLost = mayHaveLostHead && (first is null || first != history.Listed?.Starting);
        if (!isTrimmed && !isHeadLost)
        {
            return null;
        }

        var isOver = page.Records.Count == 0 && page.NextIterator is null;
        var next = records.Count > 0 ? StreamRecord.TrySalvageSequenceNumber(records[0]) : null;
        return Losses.After(stream, history.Listed, Progress, GapCause.Trimmed, isOver, shop.UtcNow) is { } gap ? gap with { Next = next } : null;
    }

    private Fetch TakeFetch(string from)
    {
        var started = ahead;
        ahead = null;
        return started is { } fetch && fetch.Iterator == from ? fetch : StartFetch(from);
    }

    private Fetch StartFetch(string from) => new(from, shop.UtcNow, FetchAsync(from));

    private async Task<RecordsPage> FetchAsync(string from) => await api.GetRecordsAsync(from, shop.Stop);

    /// <summary>The shard stands elsewhere: goes on from there, unless it is another worker's now.</summary>
    private async Task<ReadResult> GoBackAsync()
    {
        iterator = null;
        isTrimmed = false;
        var rows = (await shop.Journal.ReadAsync(stream, shop.Abandon)).Shards;
        var row = rows.FirstOrDefault(row => row.Shard == Progress.Shard) ?? Progress with { Last = null, Size = 0, Finished = false, GapFoundAt = null };
        if (row.Epoch != Progress.Epoch)
        {
            return ReadResult.Lost;
        }

        Progress = row;
        return Progress.Finished ? ReadResult.Ended : ReadResult.Again;
    }

    private void NoteEmpty(RecordsPage page, DateTimeOffset began)
    {
        if (page.Records.Count > 0)
        {
            emptyReads.Clear();
            return;
        }

        emptyReads.Enqueue(began);
        if (emptyReads.Count > EmptyReadsOfQuiet)
        {
            emptyReads.Dequeue();
        }
    }

    private static bool IsOlder(ReadOnlyMemory<byte> raw, DateTimeOffset moment)
    {
        try
        {
            return StreamRecord.Read(raw).ApproximateCreationTime < moment;
        }
        catch (FormatException)
        {
            // What does not tell its time may be new.
            return false;
        }
    }

    private static DateTimeOffset? Later(DateTimeOffset? one, DateTimeOffset? other) => one is null || other > one ? other : one;

    // A page ends at 1,000 records or 1 MB: either says that more is waiting.
    private static bool IsFull(RecordsPage page) => page.Records.Count >= 1_000 || page.Records.Sum(record => (long)record.Length) >= 900_000;

    /// <summary>A page that was asked for.</summary>
    private sealed record Fetch(string Iterator, DateTimeOffset Began, Task<RecordsPage> Page);
}

/// <summary>What is known of a shard from its stream's listings and from the rows of other shards.</summary>
/// <param name="Listed">The shard as it was listed last; null where it was not.</param>
/// <param name="ReadThrough">Up to when everything before is kept or known to be lost; null where that cannot be said.</param>
/// <param name="SkipBefore">What is older is not wanted; null wants everything.</param>
internal sealed record ShardHistory(Shard? Listed, DateTimeOffset? ReadThrough, DateTimeOffset? SkipBefore);

/// <summary>What one read of a shard gave.</summary>
internal enum ReadResult
{
    /// <summary>Nothing, which proves nothing.</summary>
    Empty,

    /// <summary>Records that were kept before, which tell no more.</summary>
    Repeats,

    /// <summary>Records, and the page had room for more.</summary>
    Records,

    /// <summary>As many records as a page takes, or such as were not wanted.</summary>
    FullPage,

    /// <summary>The shard is closed and everything in it is kept.</summary>
    Ended,

    /// <summary>The place to read from has changed.</summary>
    Again,

    /// <summary>The shard is another worker's.</summary>
    Lost,

    /// <summary>The place to read from was not there any more: the next read asks for another.</summary>
    Expired,

    /// <summary>What follows the last record kept is not there any more: whether that was anything may stand in a new listing.</summary>
    Trimmed,

    /// <summary>The shard was denied: the next listings tell whether it is gone.</summary>
    Missing,
}
