using Afterimage.Entries;
using Afterimage.Trail;

namespace Afterimage.Relay;

/// <summary>A sink while it is served: what it has had, what it is to have next, and what was set aside.</summary>
internal sealed class ServedSink : IAsyncDisposable
{
    // A crash repeats at most what was sent since: repeats are told by their ids, and a note costs a write.
    private static readonly TimeSpan NoteEvery = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan OrdersLookedAtEvery = TimeSpan.FromSeconds(5);

    private readonly ITrail trail;
    private readonly SinkOptions options;
    private readonly TimeProvider time;
    private readonly ServedShards shards;
    private readonly Asides asides;
    private readonly SendWindow window;
    private readonly TrailOutcomes outcomes;
    private readonly Sending sending;
    private readonly string book;
    private DateTimeOffset notedAt;
    private DateTimeOffset ordersLookedAt;
    private long? ordersSeen;

    private ServedSink(ITrail trail, ISink sink, SinkOptions options, RelaySurroundings surroundings, IReadOnlyDictionary<string, TrailNote> cursors)
    {
        (this.trail, this.options, time, book) = (trail, options, surroundings.Time, SinkNotes.BookOf(options.Name));
        shards = new ServedShards(cursors);
        asides = new Asides(options.PassDeadLetters);
        window = new SendWindow(sink.Limits, options);
        outcomes = new TrailOutcomes(asides, options.Name, surroundings);
        sending = new Sending(sink, options, window, outcomes, surroundings);
        notedAt = ordersLookedAt = time.GetUtcNow();
        State = new SinkState(options.Name, 0, 0, 0, IsServed: true);
    }

    /// <summary>Whether the target takes nothing for now.</summary>
    public bool IsDown => sending.IsDown;

    /// <summary>Whether everything was sent or set aside that was seen of the trail.</summary>
    public bool IsServed => window.IsEmpty && shards.AreReadOut;

    /// <summary>How far the sink is, as it was when that was noted last.</summary>
    public SinkState State { get; private set; }

    /// <summary>Takes up a sink where it was left.</summary>
    public static async Task<ServedSink> OpenAsync(ITrail trail, ISink sink, SinkOptions options, RelaySurroundings surroundings, CancellationToken ct)
    {
        var cursors = await trail.Notes.ReadAsync(SinkNotes.BookOf(options.Name), SinkNotes.Cursors, ct).ToDictionaryAsync(note => note.Name, cancellationToken: ct);
        var served = new ServedSink(trail, sink, options, surroundings, cursors);
        await served.TakeOrdersAsync(ct);
        return served;
    }

    /// <summary>Reads what comes next.</summary>
    public async Task FillAsync(IReadOnlyList<TrailShard> rows, CancellationToken ct)
    {
        shards.See(rows);
        await ReleaseAsync(ct);
        if (!window.HasRoom)
        {
            return;
        }

        await foreach (var (shard, entry) in shards.ReadAsync(trail, ct))
        {
            if (options.Filter.Fits(entry))
            {
                var pending = sending.Pending(entry, SinkNotes.OrderOf(entry));
                shard.Add(pending);
                if (asides.Bars(pending.Outgoing.Item))
                {
                    asides.Set(pending, AsideState.Waits, null, time.GetUtcNow());
                }
                else
                {
                    window.Add(pending);
                }
            }

            if (!window.HasRoom)
            {
                return;
            }
        }
    }

    /// <summary>Sends what may be sent now.</summary>
    /// <returns>Whether anything was.</returns>
    public async Task<bool> SendAsync(bool isLast, CancellationToken ct)
    {
        var hasSent = await sending.SendAsync(isLast && shards.AreReadOut, ct);
        window.Clear();
        return hasSent;
    }

    /// <summary>Notes how far the sink was served, if that is due.</summary>
    /// <param name="now">Whether it is due in any case.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>Whether the notes are this process's alone. If not, another one serves the sink, or somebody gave an order: it is to be taken up anew.</returns>
    public async Task<bool> NoteAsync(bool now, CancellationToken ct)
    {
        if (!now && !asides.HasNews && time.GetUtcNow() - notedAt < NoteEvery)
        {
            return true;
        }

        // What was set aside is durable before the cursor passes it. A crash in between sets it aside once more, under the same name.
        while (asides.HasNews)
        {
            var news = asides.News;
            if (!await trail.Notes.WriteAsync(book, news, ct))
            {
                return false;
            }

            news.ToList().ForEach(asides.Noted);
        }

        foreach (var moved in shards.Moved().Chunk(ITrailNotes.WritesMax))
        {
            if (!await trail.Notes.WriteAsync(book, [.. moved.Select(one => one.Write)], ct))
            {
                return false;
            }

            moved.ToList().ForEach(one => one.Shard.Noted(one.Write));
        }

        notedAt = time.GetUtcNow();
        var (dead, waiting) = asides.Counts;
        State = State with { Behind = shards.Behind, Dead = dead, Waiting = waiting };
        return true;
    }

    /// <summary>Looks for orders of people about what was set aside, every few seconds.</summary>
    public async Task LookForOrdersAsync(CancellationToken ct)
    {
        if (time.GetUtcNow() - ordersLookedAt >= OrdersLookedAtEvery)
        {
            await TakeOrdersAsync(ct);
        }
    }

    /// <summary>When there is something to do though the trail does not grow.</summary>
    public DateTimeOffset WakesAt()
    {
        var orders = ordersLookedAt + OrdersLookedAtEvery;
        return sending.WakesAt() is { } next && next < orders ? next : orders;
    }

    public ValueTask DisposeAsync() => shards.DisposeAsync();

    private async Task TakeOrdersAsync(CancellationToken ct)
    {
        ordersLookedAt = time.GetUtcNow();
        var orders = (await trail.Notes.ReadAsync(book, SinkNotes.Orders, ct).FirstOrDefaultAsync(ct))?.Version ?? 0;
        if (orders != ordersSeen)
        {
            ordersSeen = orders;
            await foreach (var note in trail.Notes.ReadAsync(book, SinkNotes.Asides, ct))
            {
                asides.See(note);
            }
        }
    }

    private async Task ReleaseAsync(CancellationToken ct)
    {
        foreach (var (name, id) in asides.Release())
        {
            if (await trail.FindAsync(new EntryId(id), ct) is { } entry)
            {
                window.Add(sending.Pending(entry, name[(name.LastIndexOf('/') + 1)..]));
            }
            else
            {
                outcomes.Missing(name, id);
            }
        }
    }
}
