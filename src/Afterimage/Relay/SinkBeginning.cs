using Afterimage.Trail;

namespace Afterimage.Relay;

/// <summary>Begins sinks that are new to a trail.</summary>
internal static class SinkBeginning
{
    /// <summary>
    /// Makes sure that a sink has begun: what is kept from now on goes to it, and what the trail holds already if that is wanted. Any number of processes may do so at once.
    /// </summary>
    public static async Task EnsureAsync(ITrail trail, SinkOptions options, DateTimeOffset now, CancellationToken ct)
    {
        var book = SinkNotes.BookOf(options.Name);
        while (true)
        {
            var known = await trail.Notes.ReadAsync(book, string.Empty, ct).Where(note => note.Name == SinkNotes.Begun || note.Name.StartsWith(SinkNotes.Cursors, StringComparison.Ordinal)).ToDictionaryAsync(note => note.Name, cancellationToken: ct);
            if (known.ContainsKey(SinkNotes.Begun))
            {
                return;
            }

            // Whatever is written before the last note counts for nothing as long as that is missing. Cursors that a process left that died here are moved on.
            var cursors = options.FromBeginning ? [] : (await trail.ShardsAsync(null, ct)).Select(row => Cursor(row, known));
            var writes = cursors.Chunk(ITrailNotes.WritesMax).Append([NoteWrite.New(SinkNotes.Begun, SinkNotes.Write(new BegunNote(now, options.FromBeginning)))]);
            _ = await trail.Notes.WriteAsync(SinkNotes.Sinks, [NoteWrite.New(options.Name, "{}")], ct);
            if (await writes.ToAsyncEnumerable().AllAsync(async (some, cancel) => await trail.Notes.WriteAsync(book, some, cancel), ct))
            {
                return;
            }
        }
    }

    private static NoteWrite Cursor(TrailShard row, Dictionary<string, TrailNote> known) =>
        new(SinkNotes.CursorOf(row), SinkNotes.Write(new CursorNote(row.Progress.Size)), known.GetValueOrDefault(SinkNotes.CursorOf(row))?.Version ?? 0);
}
