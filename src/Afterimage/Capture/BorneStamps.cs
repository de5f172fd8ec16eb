using System.Text;
using Afterimage.Entries;
using Afterimage.Streams.Records;
using Afterimage.Trail;

namespace Afterimage.Capture;

/// <summary>
/// Knows which stamps items have borne. One that an item bore before came back with a copy of an older state, or of a mark that was used: it does not say who wrote the
/// copy. Of one shard, whose records come in their order; not for two threads.
/// </summary>
/// <param name="trail">Holds the entries before those that were seen here; null where there is none, and only what was seen here counts.</param>
/// <param name="stream">The stream.</param>
/// <param name="attribute">The attribute that the table's stamps are in.</param>
internal sealed class BorneStamps(ITrail? trail, StreamArn stream, string attribute)
{
    // What no record without the attribute holds; other characters than these may be written in more than one way.
    private readonly byte[] trace = attribute.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or ':') ? Encoding.UTF8.GetBytes($"\"{attribute}\"") : [];
    private readonly RecentStamps<FirstUse> borne = new();

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
        var known = borne.Find(use, record.ApproximateCreationTime);
        if (known is null)
        {
            known = new FirstUse(record.SequenceNumber, trail is not null && borne.MayBeOlder(use) && await IsInTrailAsync(trail, values, use, ct));
            borne.Add(use, record.ApproximateCreationTime, known);
        }

        return known.CameBack || known.At < record.SequenceNumber;
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

    private async Task<bool> IsInTrailAsync(ITrail trail, RecordValues values, StampUse use, CancellationToken ct)
    {
        var number = values.Record.SequenceNumber;
        await foreach (var entry in trail.HistoryAsync(new HistoryFilter(stream.Table, values.Keys, Reverse: true, use.Borne.Time - Attribution.StampMemory), ct))
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

    // A batch may come again: then the use is the one that was seen.
    private sealed record FirstUse(SequenceNumber At, bool CameBack);
}
