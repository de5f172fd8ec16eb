using System.Globalization;
using System.Runtime.CompilerServices;
using Afterimage.Entries;
using Afterimage.Streams.Aws;
using Afterimage.Streams.Records;
using Afterimage.Trail;

namespace Afterimage.Verifying;

/// <summary>Reads a stream again, as far back as it still goes, and compares what it holds with what the trail kept of it.</summary>
/// <param name="trail">The trail.</param>
/// <param name="api">The service.</param>
public sealed class StreamComparison(ITrail trail, IStreamsApi api)
{
    // An open shard answers with empty pages for ever; within what the trail has kept a few of them in a row may come.
    private const int EmptyPagesMax = 50;

    /// <summary>What differs.</summary>
    /// <exception cref="AwsException">The stream cannot be read.</exception>
    public async Task<IReadOnlyList<Finding>> CompareAsync(StreamArn stream, CancellationToken ct)
    {
        var found = new Findings();
        foreach (var shard in await ListAsync(stream, ct))
        {
            if (await trail.ShardAsync(stream, shard, ct) is { Progress.Last: { } last })
            {
                await CompareAsync(stream, shard, last, found, ct);
            }
        }

        return found.Listed;
    }

    private async Task<List<ShardId>> ListAsync(StreamArn stream, CancellationToken ct)
    {
        var shards = new List<ShardId>();
        for (ShardId? after = null; ;)
        {
            var page = await api.DescribeStreamAsync(stream, after, childrenOf: null, ct);
            shards.AddRange(page.Shards.Select(shard => shard.Id));
            if (page.LastEvaluatedShard is not { } next)
            {
                return shards;
            }

            after = next;
        }
    }

    private async Task CompareAsync(StreamArn stream, ShardId shard, SequenceNumber last, Findings found, CancellationToken ct)
    {
        var name = TreeName.Of(stream, shard);
        await using var kept = trail.ShardEntriesAsync(stream, shard, 0, ct).Where(entry => entry.SequenceNumber is not null).GetAsyncEnumerator(ct);
        var (isThere, isBegun) = (await kept.MoveNextAsync(), false);
        await foreach (var (number, raw) in RecordsAsync(stream, shard, last, ct))
        {
            for (; isThere && Number(kept.Current) < number; isThere = await kept.MoveNextAsync())
            {
                // What the trail has from before the horizon cannot be compared any more.
                if (isBegun)
                {
                    found.Altered("STREAM MISMATCH", Text($"{name}: the trail has entry {kept.Current.Id}, and the stream has no record {kept.Current.SequenceNumber}"));
                }
            }

            isBegun = true;
            var isInShard = isThere && Number(kept.Current) == number;
            if (isInShard)
            {
                Compare(kept.Current, EntryMaker.Make(raw, stream, shard, kept.Current.Index, TableRules.None, kept.Current.Time));
                isThere = await kept.MoveNextAsync();
                continue;
            }

            // What came by the intake before has its entry there: the shard says no more than that it has seen it.
            var delivered = EntryMaker.Make(raw, stream, shard, 0, TableRules.None, default);
            if (await trail.FindAsync(delivered.Id, ct) is { } elsewhere)
            {
                Compare(elsewhere, delivered);
            }
            else
            {
                found.Altered("STREAM MISMATCH", Text($"{name}: the stream has record {number.Text}, and the trail does not"));
            }
        }

        void Compare(AuditEntry entry, AuditEntry delivered)
        {
            if (Difference(entry, delivered) is { } different)
            {
                found.Altered("STREAM MISMATCH", Text($"{name}: entry {entry.Id} has another {different} than record {delivered.SequenceNumber}"));
            }
        }
    }

    // Up to the last one that the trail has kept. One that hides its number is told of by the trail alone.
    private async IAsyncEnumerable<(SequenceNumber Number, ReadOnlyMemory<byte> Raw)> RecordsAsync(
        StreamArn stream, ShardId shard, SequenceNumber last, [EnumeratorCancellation] CancellationToken ct)
    {
        var iterator = await api.GetShardIteratorAsync(stream, shard, after: null, ct);
        var empty = 0;
        while (iterator is not null && empty < EmptyPagesMax)
        {
            var page = await api.GetRecordsAsync(iterator, ct);
            empty = page.Records.Count == 0 ? empty + 1 : 0;
            foreach (var (number, raw) in page.Records.Select(raw => (StreamRecord.TrySalvageSequenceNumber(raw), raw)))
            {
                if (number > last)
                {
                    yield break;
                }

                if (number is { } known)
                {
                    yield return (known, raw);
                }
            }

            iterator = page.NextIterator;
        }
    }

    // What follows from the record alone, whatever was configured; redacted values are not there to be compared.
    private static string? Difference(AuditEntry kept, AuditEntry delivered) =>
        kept.Id != delivered.Id ? "id"
        : kept.Action != delivered.Action ? "action"
        : kept.Unreadable is null && kept.Time != delivered.Time ? "time"
        : !IsSame(kept.OldImage, delivered.OldImage) ? "image before"
        : !IsSame(kept.NewImage, delivered.NewImage) ? "image after"
        : null;

    private static bool IsSame(AttributeMap? kept, AttributeMap? delivered) => kept is null || delivered is null
        ? kept is null && delivered is null
        : kept.Count == delivered.Count && kept.All(member => delivered.TryGetValue(member.Key, out var other)
            && (IsRedacted(member.Value) || CanonicalText.Of(member.Value) == CanonicalText.Of(other)));

    private static bool IsRedacted(AttributeValue value) => value.Kind switch
    {
        AttributeKind.REDACTED => true,
        AttributeKind.M => value.Members.Any(member => IsRedacted(member.Value)),
        AttributeKind.L => value.Items.Any(IsRedacted),
        _ => false,
    };

    private static SequenceNumber Number(AuditEntry entry) => new(entry.SequenceNumber!);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
