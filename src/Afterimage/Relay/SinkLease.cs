using Afterimage.Trail;

namespace Afterimage.Relay;

/// <summary>The right of one process to serve a sink: a note that its holder writes again and again. Nothing is lost where two believe they have it: what is noted tells them apart.</summary>
/// <param name="notes">The notes.</param>
/// <param name="book">The sink's book.</param>
/// <param name="holder">A name that is no other process's.</param>
/// <param name="time">The clock.</param>
internal sealed class SinkLease(ITrailNotes notes, string book, string holder, TimeProvider time)
{
    /// <summary>How long a holder may be silent before it is taken for dead.</summary>
    public static readonly TimeSpan Duration = TimeSpan.FromSeconds(15);

    /// <summary>How often a holder writes.</summary>
    public static readonly TimeSpan RenewEvery = Duration / 3;

    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private TrailNote? held;

    /// <summary>Waits until nobody else serves the sink, and takes it.</summary>
    /// <returns>Whether it was taken before the caller had enough.</returns>
    public async Task<bool> TakeAsync(CancellationToken ct)
    {
        (long? Version, long Since) seen = (null, time.GetTimestamp());
        while (!ct.IsCancellationRequested)
        {
            var note = await ReadAsync(ct);
            if (note?.Version != seen.Version)
            {
                seen = (note?.Version, time.GetTimestamp());
            }

            var isFree = note is null || SinkNotes.Read<LeaseNote>(note).Holder is not { } other || other == holder || time.GetElapsedTime(seen.Since) >= Duration;
            if (isFree && await WriteAsync(note, holder, ct))
            {
                return true;
            }

            await Task.Delay(LookEvery, time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return false;
    }

    /// <summary>Keeps it until it is lost to another process, or the caller has enough.</summary>
    public async Task KeepAsync(CancellationToken ct)
    {
        do
        {
            await Task.Delay(RenewEvery, time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        while (!ct.IsCancellationRequested && await RenewAsync(ct));
    }

    /// <summary>Lets it go, so that another may take it at once.</summary>
    public async Task ReleaseAsync(CancellationToken ct) => _ = held is not null && await WriteAsync(held, null, ct);

    // A write whose answer was lost has been done: the note says so.
    private async Task<bool> RenewAsync(CancellationToken ct)
    {
        if (await WriteAsync(held, holder, ct))
        {
            return true;
        }

        held = await ReadAsync(ct);
        return held is not null && SinkNotes.Read<LeaseNote>(held).Holder == holder;
    }

    private async Task<TrailNote?> ReadAsync(CancellationToken ct) => await notes.ReadAsync(book, SinkNotes.Lease, ct).FirstOrDefaultAsync(note => note.Name == SinkNotes.Lease, ct);

    private async Task<bool> WriteAsync(TrailNote? seen, string? by, CancellationToken ct)
    {
        var write = new NoteWrite(SinkNotes.Lease, SinkNotes.Write(new LeaseNote(by)), seen?.Version ?? 0);
        if (!await notes.WriteAsync(book, [write], ct))
        {
            return false;
        }

        held = new TrailNote(write.Name, write.Text!, write.Seen + 1);
        return true;
    }
}
