using System.Runtime.CompilerServices;
using Afterimage.Entries;
using Afterimage.Trail;

namespace Afterimage.Relay;

/// <summary>What sinks refused, for whoever decides what becomes of it. Orders are noted in the trail; the process that serves the sink carries them out.</summary>
/// <param name="trail">The trail.</param>
public sealed class DeadLetters(ITrail trail)
{
    /// <summary>Every entry that was set aside, sink by sink and item by item, each item's in its order.</summary>
    public async IAsyncEnumerable<DeadLetter> AllAsync([EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var sink in trail.Notes.ReadAsync(SinkNotes.Sinks, string.Empty, ct))
        {
            await foreach (var note in trail.Notes.ReadAsync(SinkNotes.BookOf(sink.Name), SinkNotes.Asides, ct))
            {
                var said = SinkNotes.Read<AsideNote>(note);
                yield return new DeadLetter(sink.Name, new EntryId(said.Entry), said.Table, said.At, said.Refusals, said.Reason, said.State switch
                {
                    AsideState.Waits => DeadLetterState.Waiting,
                    AsideState.Retry => DeadLetterState.ToBeSent,
                    AsideState.Drop => DeadLetterState.ToBeDropped,
                    _ => DeadLetterState.Dead,
                })
                { Note = note };
            }
        }
    }

    /// <summary>Has dead letters sent again, each item's in its order with what waits behind them.</summary>
    /// <returns>How many that are.</returns>
    public Task<int> RetryAsync(IEnumerable<DeadLetter> letters, CancellationToken ct) => OrderAsync(letters, AsideState.Retry, ct);

    /// <summary>Gives dead letters up: they are not sent to that sink, and stay in the trail. What waits behind them is sent.</summary>
    /// <returns>How many that are.</returns>
    public Task<int> DropAsync(IEnumerable<DeadLetter> letters, CancellationToken ct) => OrderAsync(letters, AsideState.Drop, ct);

    private async Task<int> OrderAsync(IEnumerable<DeadLetter> letters, AsideState state, CancellationToken ct)
    {
        var ordered = 0;
        foreach (var sink in letters.Where(letter => letter.State == DeadLetterState.Dead).GroupBy(letter => letter.Sink))
        {
            var book = SinkNotes.BookOf(sink.Key);
            foreach (var letter in sink)
            {
                var said = SinkNotes.Read<AsideNote>(letter.Note) with { State = state };
                ordered += await trail.Notes.WriteAsync(book, [letter.Note.Saying(SinkNotes.Write(said))], ct) ? 1 : 0;
            }

            await RaiseAsync(book, ct);
        }

        return ordered;
    }

    // Whoever serves the sink looks at this one note, and at the others only if it has changed.
    private async Task RaiseAsync(string book, CancellationToken ct)
    {
        TrailNote? note;
        do
        {
            note = await trail.Notes.ReadAsync(book, SinkNotes.Orders, ct).FirstOrDefaultAsync(ct);
        }
        while (!await trail.Notes.WriteAsync(book, [note?.Saying("{}") ?? NoteWrite.New(SinkNotes.Orders, "{}")], ct));
    }
}

/// <summary>An entry that a sink has not had, and will not have unless something is done.</summary>
/// <param name="Sink">The sink's address.</param>
/// <param name="Entry">The entry, which lies in the trail.</param>
/// <param name="Table">The table.</param>
/// <param name="At">When it was set aside.</param>
/// <param name="Refusals">How often the target refused it.</param>
/// <param name="Reason">What the target said last; null for one that waits.</param>
/// <param name="State">What becomes of it.</param>
public sealed record DeadLetter(string Sink, EntryId Entry, string Table, DateTimeOffset At, int Refusals, string? Reason, DeadLetterState State)
{
    /// <summary>The note that says so.</summary>
    public required TrailNote Note { get; init; }
}

/// <summary>What becomes of a dead letter.</summary>
public enum DeadLetterState
{
    /// <summary>Nothing, until somebody decides.</summary>
    Dead,

    /// <summary>It waits for a dead letter of its item.</summary>
    Waiting,

    /// <summary>It is sent again.</summary>
    ToBeSent,

    /// <summary>It is given up.</summary>
    ToBeDropped,
}
