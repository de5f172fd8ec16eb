using Afterimage.Streams.Records;
using Afterimage.Streams.Shards;
using Afterimage.Streams.Watching;

namespace Afterimage.Streams.Reading;

/// <summary>What is known of a stream: from its listings, and from what is kept.</summary>
internal sealed class StreamState(StreamArn stream)
{
    private readonly Dictionary<ShardId, ShardProgress> progress = [];
    private readonly Dictionary<ShardId, long> epochs = [];
    private string status = string.Empty;

    public StreamArn Stream { get; } = stream;

    public Census Census { get; } = new();

    /// <summary>How its reading began; null until that is kept, and where it was not noted.</summary>
    public StreamBeginning? Beginning { get; private set; }

    public bool IsBegun { get; private set; }

    /// <summary>Whether what is kept of it is known.</summary>
    public bool IsLoaded { get; private set; }

    public bool IsEnabled => status is "ENABLED" or "ENABLING";

    /// <summary>Whether it was switched off and all that was ever seen of it is read, or known to be lost.</summary>
    public bool IsReadThrough => IsBegun && status == "DISABLED" && !Census.HasDoubts && Census.Listed.All(shard => progress.GetValueOrDefault(shard.Id)?.Finished == true)
        && !Unfinished(progress.Values, Beginning).Any();

    /// <summary>Grows with everything that may lead to more: records, shards, ends.</summary>
    public long News { get; private set; }

    /// <summary>What a listing that begins now is to show.</summary>
    public IReadOnlySet<ShardId> Expected => Census.Expected(Unfinished(progress.Values, Beginning));

    public IReadOnlyList<Shard> Readable => Lineage.Readable(Census, progress);

    /// <summary>Shards that were read to their end and have no child yet, though the stream goes on.</summary>
    public IEnumerable<ShardId> Childless => IsEnabled
        ? Census.Listed.Select(shard => shard.Id).Where(id => !Census.HasChild(id) && progress.TryGetValue(id, out var row) && row.Finished)
        : [];

    /// <summary>The shards that were begun, or were there when the stream was, and are not finished.</summary>
    public static IEnumerable<ShardId> Unfinished(IReadOnlyCollection<ShardProgress> rows, StreamBeginning? beginning)
    {
        var finished = rows.Where(row => row.Finished).Select(row => row.Shard).ToHashSet();
        return rows.Select(row => row.Shard).Concat(beginning?.Listed ?? []).Where(id => !finished.Contains(id));
    }

    public void Count() => News++;

    /// <summary>How many shards there are, by what becomes of them.</summary>
    public ShardCounts Count(Predicate<ShardId> isRead, Predicate<ShardId> isElsewhere)
    {
        var (reading, elsewhere, waiting, finished) = (0, 0, 0, 0);
        foreach (var shard in Census.Listed)
        {
            _ = isRead(shard.Id) ? reading++ : progress.GetValueOrDefault(shard.Id)?.Finished == true ? finished++ : isElsewhere(shard.Id) ? elsewhere++ : waiting++;
        }

        return new ShardCounts(reading, elsewhere, waiting, finished);
    }

    /// <summary>Takes in what is kept, unless this worker has moved on meanwhile.</summary>
    public void Load(StreamProgress kept)
    {
        IsLoaded = true;
        Beginning ??= kept.Beginning;
        foreach (var row in kept.Shards)
        {
            Take(row);
        }

        // A stream can have been read before beginnings were noted.
        IsBegun |= Beginning is not null || progress.Count > 0;
    }

    /// <summary>Takes in a shard's row. Of one that says no more than that somebody took the shard, only the epoch counts.</summary>
    public void Take(ShardProgress row)
    {
        epochs[row.Shard] = Math.Max(epochs.GetValueOrDefault(row.Shard), row.Epoch);
        var mine = progress.GetValueOrDefault(row.Shard);
        if (row.IsBegun && (mine is null || IsFurther(row, mine)))
        {
            progress[row.Shard] = row;

            // An end that another worker has kept leads to children, as one's own does.
            News += row.Finished && mine?.Finished != true && Census.Find(row.Shard) is not null ? 1 : 0;
        }
    }

    /// <summary>Under which epoch a shard stood when its row was seen last.</summary>
    public long EpochOf(ShardId shard) => epochs.GetValueOrDefault(shard);

    /// <summary>Up to when a shard is known to be read, whoever reads it.</summary>
    public DateTimeOffset? ReadThroughOf(ShardId shard) => progress.GetValueOrDefault(shard)?.ReadThrough;

    /// <summary>Takes in how the reading of the stream begins, once that is kept.</summary>
    public void Begin(StreamBeginning beginning)
    {
        Beginning = beginning;
        IsBegun = true;
    }

    public void Note(Listing listing)
    {
        status = listing.Status;
        Census.Note(listing.Shards, listing.Expected);
    }

    /// <summary>A shard's row as it was just kept; one that another worker has moved on since may be known already.</summary>
    public void Keep(ShardProgress row)
    {
        News++;
        if (!progress.TryGetValue(row.Shard, out var known) || !IsFurther(known, row))
        {
            progress[row.Shard] = row;
        }

        if (row.Finished && Census.IsGone(row.Shard))
        {
            Census.Forget(row.Shard);
        }
    }

    public ShardProgress ProgressOf(Shard shard) => (progress.GetValueOrDefault(shard.Id) ?? ShardProgress.None(shard)) with { Parent = shard.Parent, Epoch = EpochOf(shard.Id) };

    public bool KnowsParentOf(Shard shard) => shard.Parent is not { } parent || progress.ContainsKey(parent);

    /// <summary>What is lost for good and not kept as a gap yet; shards that nobody saw come last, since a gap may explain them.</summary>
    public IReadOnlyList<Loss> Losses(Predicate<ShardId> isStarted, DateTimeOffset now, bool onlySeen)
    {
        var losses = new Losses(Stream, Census, progress, Beginning);
        return losses.OfSeen(now) is { Count: > 0 } seen ? seen : onlySeen ? [] : losses.OfUnseen(isStarted, now);
    }

    /// <summary>What is lost for good with the stream itself.</summary>
    public IReadOnlyList<Loss> LossesOfStream(DateTimeOffset now) => new Losses(Stream, Census, progress, Beginning).OfStream(epochs.Keys, now);

    /// <summary>What a read of a shard has to know, as a copy, since it runs beside the loop.</summary>
    public ShardHistory HistoryOf(ShardProgress shard, DateTimeOffset now)
    {
        var isPassedOver = Beginning is { From: StartFrom.Latest } latest && latest.Listed.Contains(shard.Shard);
        var losses = new Losses(Stream, Census, progress, Beginning);
        return new ShardHistory(Census.Find(shard.Shard), losses.ReadThrough(shard, now), isPassedOver ? Minute(Beginning!.At) : null);
    }

    // Records tell their time rounded down: to the second, and by DynamoDB Local to the minute.
    private static DateTimeOffset Minute(DateTimeOffset moment) => new(moment.Ticks - (moment.Ticks % TimeSpan.TicksPerMinute), moment.Offset);

    private static bool IsFurther(ShardProgress one, ShardProgress other) =>
        one.Epoch > other.Epoch || one.Size > other.Size || (one.Finished && !other.Finished) || (one.Size == other.Size && one.Finished == other.Finished && one.ReadThrough > other.ReadThrough);
}
