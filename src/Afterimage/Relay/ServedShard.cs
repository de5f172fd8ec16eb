using Afterimage.Entries;
using Afterimage.Trail;

namespace Afterimage.Relay;

/// <summary>A shard of the trail, and how far a sink was served from it.</summary>
/// <param name="row">The shard's row as it was seen first.</param>
/// <param name="cursor">What is noted of how far it was served; null where nothing is.</param>
internal sealed class ServedShard(TrailShard row, TrailNote? cursor) : IAsyncDisposable
{
    private readonly Queue<PendingEntry> pending = [];
    private TrailNote? noted = cursor;
    private IAsyncEnumerator<AuditEntry>? reading;
    private long readTo;

    /// <summary>The shard's row.</summary>
    public TrailShard Row { get; set; } = row;

    /// <summary>Up to which place entries were read from the trail.</summary>
    public long Read { get; private set; } = PlaceOf(cursor);

    /// <summary>Whether there is more to read.</summary>
    public bool HasMore => Read < Row.Progress.Size;

    /// <summary>Whether there will never be more to read.</summary>
    public bool IsReadOut => Row.Progress.Finished && !HasMore;

    /// <summary>How many places it was not served from yet.</summary>
    public long Behind => Row.Progress.Size - Served;

    /// <summary>Up to which place nothing is left to do.</summary>
    private long Served
    {
        get
        {
            while (pending.TryPeek(out var first) && first.IsOver)
            {
                pending.Dequeue();
            }

            return pending.TryPeek(out var next) ? next.Outgoing.Entry.Index : Read;
        }
    }

    /// <summary>Notes that an entry of it waits to be sent.</summary>
    public void Add(PendingEntry entry) => pending.Enqueue(entry);

    /// <summary>The next entry; null if there is none for now.</summary>
    public async Task<AuditEntry?> NextAsync(ITrail trail, CancellationToken ct)
    {
        if (reading is null)
        {
            readTo = Row.Progress.Size;
            reading = trail.ShardEntriesAsync(Row.Stream, Row.Progress.Shard, Read, ct).GetAsyncEnumerator(ct);
        }

        if (await reading.MoveNextAsync())
        {
            Read = reading.Current.Index + 1;
            return reading.Current;
        }

        // What opens and closes a shard takes a place and is no entry.
        Read = Math.Max(Read, readTo);
        await DisposeAsync();
        return null;
    }

    /// <summary>The write that notes how far it was served; null where that is noted.</summary>
    public NoteWrite? Moved() => Served == PlaceOf(noted) ? null
        : new NoteWrite(SinkNotes.CursorOf(Row), SinkNotes.Write(new CursorNote(Served)), noted?.Version ?? 0);

    /// <summary>Takes in that a write was done.</summary>
    public void Noted(NoteWrite write) => noted = new TrailNote(write.Name, write.Text!, write.Seen + 1);

    public async ValueTask DisposeAsync()
    {
        if (reading is not null)
        {
            await reading.DisposeAsync();
            reading = null;
        }
    }

    private static long PlaceOf(TrailNote? note) => note is null ? 0 : SinkNotes.Read<CursorNote>(note).Place;
}
