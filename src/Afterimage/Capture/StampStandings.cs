using Afterimage.Entries;
using Afterimage.Streams.Records;
using Afterimage.Trail;

namespace Afterimage.Capture;

/// <summary>
/// Finds out what the stamps of a batch are worth: whether an item bore one before, and whether an intent was committed with the change. Of one shard, whose records come
/// in their order; not for two threads.
/// </summary>
/// <param name="trail">Holds the entries before, and the intents.</param>
/// <param name="stream">The stream.</param>
/// <param name="attribute">The attribute that the table's stamps are in.</param>
internal sealed class StampStandings(ITrail trail, StreamArn stream, string attribute)
{
    private static readonly byte[] Marker = "\"tx\""u8.ToArray();

    private readonly BorneStamps borne = new(trail, stream, attribute);
    private Dictionary<SequenceNumber, string> named = [];
    private IReadOnlyDictionary<string, IntentPlace> found = new Dictionary<string, IntentPlace>();

    /// <summary>Looks for the intents of a batch, before its records are asked about one by one.</summary>
    public async Task LookAsync(IReadOnlyList<ReadOnlyMemory<byte>> records, CancellationToken ct)
    {
        (named, found) = ([], new Dictionary<string, IntentPlace>());
        if (trail.Intents is not { } intents)
        {
            return;
        }

        foreach (var raw in records.Where(raw => raw.Span.IndexOf(Marker) >= 0))
        {
            if (UseOf(raw) is { Use.Borne.InTransaction: true } one)
            {
                named[one.Number] = one.Use.Borne.IntentName(one.Use.Removes);
            }
        }

        if (named.Count > 0)
        {
            found = await intents.FindAsync(stream.Table, [.. named.Values.Distinct(StringComparer.Ordinal)], ct);
        }
    }

    /// <summary>What the stamp of one of them is worth.</summary>
    public async Task<StampStanding> OfAsync(ReadOnlyMemory<byte> raw, CancellationToken ct)
    {
        var number = named.Count > 0 ? UseOf(raw)?.Number : null;
        if (await borne.CameBackAsync(raw, ct))
        {
            // A copy of an item brings the stamp of another change with it, and was never to have an intent.
            if (number is { } copied)
            {
                named.Remove(copied);
            }

            return StampStanding.CameBack;
        }

        return number is { } known && named.TryGetValue(known, out var name) && found.ContainsKey(name) ? StampStanding.InTransaction : StampStanding.Own;
    }

    /// <summary>Says that these entries are durable: their intents have done what they were for, and those that had none are noted.</summary>
    /// <returns>Those that had none.</returns>
    /// <remarks>A crash before leaves intents whose entries are there, which whoever looks through them finds and takes away.</remarks>
    public async Task<IReadOnlyList<UnannouncedChange>> SettleAsync(IEnumerable<CommittedEntry> kept, CancellationToken ct)
    {
        if (named.Count == 0 || trail.Intents is not { } intents)
        {
            return [];
        }

        // An unstamped delete of an item that bears a left mark was never to have an intent.
        var unannounced = kept.Where(entry => entry.SequenceNumber is { } number && entry.Action != ChangeAction.Remove && entry.IsAttributed && named.TryGetValue(number, out var name) && !found.ContainsKey(name))
            .Select(entry => new UnannouncedChange(entry.Id, stream, named[entry.SequenceNumber!.Value], entry.Time)).ToList();
        if (unannounced.Count > 0)
        {
            await intents.ReportAsync(stream.Table, unannounced, ct);
        }

        await intents.RemoveAsync(stream.Table, found.Values, ct);
        return unannounced;
    }

    private (SequenceNumber Number, StampUse Use)? UseOf(ReadOnlyMemory<byte> raw)
    {
        try
        {
            var values = RecordValues.Read(raw);
            return StampUse.Of(values, EntryMaker.ActionOf(values.Record), stream.Table, attribute) is { } use ? (values.Record.SequenceNumber, use) : null;
        }
        catch (FormatException)
        {
            // A record that cannot be read has no stamp either.
            return null;
        }
    }
}
