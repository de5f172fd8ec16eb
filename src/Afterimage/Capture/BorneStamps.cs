using System.Text;
using Afterimage.Entries;
using Afterimage.Streams.Records;
using Afterimage.Trail;

namespace Afterimage.Capture;

/// <summary>
/// Knows which stamps items have borne. One that an item bore before came back with a copy of an older state, or of a mark that was used: it does not say who wrote the
/// copy. Of one shard, whose records come in their order; not for two threads.
/// </summary>
/// <param name="trail">Holds the entries before those that were seen here.</param>
/// <param name="stream">The stream.</param>
/// <param name="attribute">The attribute that the table's stamps are in.</param>
internal sealed class BorneStamps(ITrail trail, StreamArn stream, string attribute)
{
    // A stamp counts if it is at most a quarter of an hour from its record, on either side; so whatever bore it first lies within twice that.
    private static readonly TimeSpan Memory = 2 * Attribution.ClockSkewMax;

    // What no record without the attribute holds; other characters than these may be written in more than one way.
    private readonly byte[] trace = attribute.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or ':') ? Encoding.UTF8.GetBytes($"\"{attribute}\"") : [];
    private readonly Dictionary<(string Nonce, bool Removes), (SequenceNumber First, bool CameBack)> borne = [];
    private readonly Queue<(DateTimeOffset Time, (string Nonce, bool Removes) Use)> order = [];
    private DateTimeOffset? since;

    /// <summary>Whether the item bore the stamp of this change before the change.</summary>
    /// <param name="raw">The record as delivered.</param>
    /// <param name="ct">Gives up.</param>
    public async Task<bool> CameBackAsync(ReadOnlyMemory<byte> raw, CancellationToken ct)
    {
        if (raw.Span.IndexOf(trace) < 0 || Read(raw) is not { } values || UseOf(values) is not { } use)
        {
            return false;
        }

        var record = values.Record;
        since ??= record.ApproximateCreationTime;
        Forget(record.ApproximateCreationTime - Memory);
        var key = (use.Borne.Nonce, use.Removes);
        if (!borne.TryGetValue(key, out var known))
        {
            known = (record.SequenceNumber, use.Borne.Time - Memory < since && await IsInTrailAsync(values, use, ct));
            borne[key] = known;
            order.Enqueue((record.ApproximateCreationTime, key));
        }

        return known.CameBack || known.First < record.SequenceNumber;
    }

    // A record that cannot be read has no stamp either.
    private static RecordValues? Read(ReadOnlyMemory<byte> raw)
    {
        try
        {
            return RecordValues.Read(raw);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private StampUse? UseOf(RecordValues values) => StampUse.Of(values, EntryMaker.ActionOf(values.Record), stream.Table, attribute);

    private async Task<bool> IsInTrailAsync(RecordValues values, StampUse use, CancellationToken ct)
    {
        var number = values.Record.SequenceNumber;
        await foreach (var entry in trail.HistoryAsync(new HistoryFilter(stream.Table, values.Keys, Reverse: true, use.Borne.Time - Memory), ct))
        {
            var isBefore = entry.Stream.Arn != stream.Value || (entry.SequenceNumber is { } other && new SequenceNumber(other) < number);
            if (isBefore && (use.Removes ? entry.Action == ChangeAction.Remove && Bears(entry.OldImage, use) : Bears(entry.NewImage, use)))
            {
                return true;
            }
        }

        return false;
    }

    private bool Bears(AttributeMap? image, StampUse use) => WriterStamp.Find(image, attribute)?.Nonce == use.Borne.Nonce;

    private void Forget(DateTimeOffset before)
    {
        while (order.TryPeek(out var oldest) && oldest.Time < before)
        {
            borne.Remove(order.Dequeue().Use);
        }
    }
}
