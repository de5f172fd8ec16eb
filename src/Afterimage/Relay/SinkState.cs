using Afterimage.Trail;

namespace Afterimage.Relay;

/// <summary>How far a sink was served, from the trail alone.</summary>
/// <param name="Address">The sink's address.</param>
/// <param name="Behind">How many places of the trail it was not served from: entries, and what opens and closes shards.</param>
/// <param name="Dead">How many entries it refused, of which nobody has decided yet.</param>
/// <param name="Waiting">How many wait for those.</param>
/// <param name="IsServed">Whether a process holds the right to serve it; one that has died just now may still seem to.</param>
public sealed record SinkState(string Address, long Behind, int Dead, int Waiting, bool IsServed)
{
    /// <summary>The sinks that were ever served, by address.</summary>
    /// <param name="trail">The trail.</param>
    /// <param name="shards">The rows of its shards.</param>
    /// <param name="ct">Gives up.</param>
    public static async Task<IReadOnlyList<SinkState>> AllAsync(ITrail trail, IReadOnlyList<TrailShard> shards, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(trail);
        var states = new List<SinkState>();
        await foreach (var sink in trail.Notes.ReadAsync(SinkNotes.Sinks, string.Empty, ct))
        {
            states.Add(await OfAsync(trail.Notes, sink.Name, shards, ct));
        }

        return states;
    }

    private static async Task<SinkState> OfAsync(ITrailNotes notes, string address, IReadOnlyList<TrailShard> shards, CancellationToken ct)
    {
        var (places, dead, waiting, isServed) = (new Dictionary<string, long>(StringComparer.Ordinal), 0, 0, false);
        await foreach (var note in notes.ReadAsync(SinkNotes.BookOf(address), string.Empty, ct))
        {
            if (note.Name.StartsWith(SinkNotes.Cursors, StringComparison.Ordinal))
            {
                places[note.Name] = SinkNotes.Read<CursorNote>(note).Place;
            }
            else if (note.Name.StartsWith(SinkNotes.Asides, StringComparison.Ordinal))
            {
                var isDead = SinkNotes.Read<AsideNote>(note).State == AsideState.Dead;
                (dead, waiting) = isDead ? (dead + 1, waiting) : (dead, waiting + 1);
            }
            else if (note.Name == SinkNotes.Lease)
            {
                isServed = SinkNotes.Read<LeaseNote>(note).Holder is not null;
            }
        }

        // A cursor never stands behind its shard's end; a row that was read earlier may.
        return new SinkState(address, shards.Sum(shard => Math.Max(0, shard.Progress.Size - places.GetValueOrDefault(SinkNotes.CursorOf(shard)))), dead, waiting, isServed);
    }
}
