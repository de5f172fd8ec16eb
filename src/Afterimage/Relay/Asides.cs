using Afterimage.Trail;

namespace Afterimage.Relay;

/// <summary>
/// The entries of a sink that were set aside: dead letters, and what waits behind them. It decides which of them go next and collects what is to be noted;
/// nothing is written here.
/// </summary>
/// <param name="pass">Whether later entries of an item overtake a dead letter.</param>
internal sealed class Asides(bool pass)
{
    private const int ReleasedMax = 200;

    private readonly SortedDictionary<string, Aside> all = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> items = [];
    private readonly Dictionary<string, NoteWrite> toNote = [];

    private bool mayRelease = true;

    /// <summary>How many entries are dead letters, or wait for one.</summary>
    public (int Dead, int Waiting) Counts
    {
        get
        {
            var dead = all.Values.Count(aside => aside.Said.State == AsideState.Dead);
            return (dead, all.Count - dead);
        }
    }

    /// <summary>Whether anything is to be noted.</summary>
    public bool HasNews => toNote.Count > 0;

    /// <summary>The next notes to write.</summary>
    public IReadOnlyList<NoteWrite> News => [.. toNote.Values.Take(ITrailNotes.WritesMax)];

    /// <summary>Takes in what is noted.</summary>
    public void See(TrailNote note)
    {
        mayRelease = true;
        var said = SinkNotes.Read<AsideNote>(note);
        if (all.TryGetValue(note.Name, out var known))
        {
            all[note.Name] = known with { Version = note.Version, Said = said };
            return;
        }

        Add(note.Name, new Aside(note.Version, said));
    }

    /// <summary>Whether a new entry must wait for an earlier one of its item.</summary>
    public bool Bars(string item) => !pass && items.ContainsKey(SinkNotes.AsidesOf(item));

    /// <summary>Sets an entry aside.</summary>
    public void Set(PendingEntry entry, AsideState state, string? reason, DateTimeOffset now)
    {
        var name = SinkNotes.AsideOf(entry.Outgoing.Item, entry.Order);
        var before = all.GetValueOrDefault(name);
        var said = new AsideNote(entry.Outgoing.Entry.Id.Value, state, entry.Outgoing.Entry.Table, before?.Said.At ?? now) { Reason = reason, Refusals = entry.Refusals + (before?.Said.Refusals ?? 0) };
        if (before is null)
        {
            Add(name, new Aside(0, said));
        }
        else
        {
            all[name] = before with { Said = said, IsReleased = false };
        }

        toNote[name] = new NoteWrite(name, SinkNotes.Write(said), all[name].Version);
        entry.IsOver = true;
    }

    /// <summary>Takes an entry off that was set aside, if it was.</summary>
    public void Done(PendingEntry entry) => Remove(SinkNotes.AsideOf(entry.Outgoing.Item, entry.Order));

    /// <summary>Takes off what somebody wants not to be sent, and what is next to be sent: of each item the first ones that wait for nothing and are not under way.</summary>
    /// <returns>Names and ids of entries, each item's in its order.</returns>
    public IReadOnlyList<(string Name, string Entry)> Release()
    {
        if (!mayRelease)
        {
            return [];
        }

        mayRelease = false;
        foreach (var name in all.Where(one => one.Value.Said.State == AsideState.Drop).Select(one => one.Key).ToList())
        {
            Remove(name);
        }

        var (released, closed) = (new List<(string Name, string Entry)>(), string.Empty);
        foreach (var (name, aside) in all)
        {
            var item = SinkNotes.ItemIn(name);
            if (aside.Said.State == AsideState.Dead && !pass)
            {
                closed = item;
            }

            if (closed != item && aside is { IsReleased: false, Said.State: not AsideState.Dead } && released.Count < ReleasedMax)
            {
                released.Add((name, aside.Said.Entry));
            }
        }

        released.ForEach(one => all[one.Name] = all[one.Name] with { IsReleased = true });
        return released;
    }

    /// <summary>Takes in that a write was done.</summary>
    public void Noted(NoteWrite write)
    {
        toNote.Remove(write.Name);
        if (write.Text is not null && all.TryGetValue(write.Name, out var known))
        {
            all[write.Name] = known with { Version = write.Seen + 1 };
        }
    }

    /// <summary>Takes an entry off, if it was set aside.</summary>
    public void Remove(string name)
    {
        if (!all.Remove(name, out var known))
        {
            return;
        }

        mayRelease = true;
        var item = SinkNotes.ItemIn(name);
        if (--items[item] == 0)
        {
            items.Remove(item);
        }

        // What was never noted needs no note that it is gone.
        if (known.Version == 0)
        {
            toNote.Remove(name);
        }
        else
        {
            toNote[name] = new NoteWrite(name, null, known.Version);
        }
    }

    private void Add(string name, Aside aside)
    {
        all.Add(name, aside);
        var item = SinkNotes.ItemIn(name);
        items[item] = items.GetValueOrDefault(item) + 1;
    }

    private sealed record Aside(long Version, AsideNote Said)
    {
        /// <summary>Whether it is among the entries to be sent.</summary>
        public bool IsReleased { get; init; }
    }
}
