using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Afterimage.Entries;
using Afterimage.Streams.Shards;
using Afterimage.Trail.DynamoDb.Table;

namespace Afterimage.Trail.DynamoDb;

/// <summary>The move of a shard's row past an append: what makes it durable.</summary>
internal sealed class RowMove(TrailAppend append, Claim claim)
{
    private readonly string digest = DigestOf(append);

    /// <summary>Whether the row still stands where the append begins, under the same lease. The parent is not asked for: a row that was made to note something else does not know it yet.</summary>
    public bool BeginsAt(ShardRow? row) => StandsAt(row, append.Before);

    /// <summary>Whether the row has been moved past this very append.</summary>
    public bool WasMade(ShardRow? row) => row is not null && row.Digest == digest && StandsAt(row, append.After) && row.Shard.Tree.Equals(append.Tree);

    /// <summary>The move from where the row stands.</summary>
    /// <param name="row">The row as it was read; null if there is none.</param>
    public ItemWrite From(ShardRow? row)
    {
        var (before, after) = (row?.Shard, append.After);
        var newest = append.Entries.Where(entry => entry.IsOfRecord).Max(entry => (DateTimeOffset?)entry.Time);
        var runs = row?.Runs ?? [];
        if (append.Leaves.Count > 0 && (runs.Count == 0 || runs[^1].Claim != claim.ToString()))
        {
            runs = [.. runs, new Run(append.Before.Size, claim.ToString())];
        }

        List<(string, AttributeValue?)> set =
        [
            ("last", Cell.Of(after.Last?.Text)),
            ("size", Number(after.Size)),
            ("finished", Flag(after.Finished)),
            ("gapFoundAt", Cell.Of(after.GapFoundAt)),
            ("readThrough", Cell.Of(new[] { before?.Progress.ReadThrough, after.ReadThrough }.Max())),
            ("lastEntryTime", Cell.Of(new[] { before?.LastEntryTime, newest }.Max())),
            ("tree", Cell.Of(append.Tree.ToBytes())),
            ("entries", Number((before?.Entries ?? 0) + append.Entries.Count())),
            ("runs", runs.Count == 0 ? null : Cell.Of(runs.Select(run => run.ToString()))),
            ("digest", Cell.Of(digest)),
        ];
        if (after.Parent is { } parent)
        {
            set.Add(("parent", Cell.Of(parent.Value)));
        }

        if (append.Beginning is { } beginning)
        {
            set.AddRange(DynamoBeginnings.Attributes(beginning));
        }

        return new ItemWrite.Update(Layout.RowOf(append.Stream, after.Shard), set, [.. Conditions(row)]);
    }

    /// <summary>What must hold of a row for it to be the one that was read.</summary>
    public static IEnumerable<Term> Conditions(ShardRow? row)
    {
        if (row is null)
        {
            return [Term.NoItem];
        }

        var progress = row.Shard.Progress;
        return
        [
            Term.AnItem,
            Term.Is("size", Number(progress.Size)),
            Term.Is("epoch", Number(progress.Epoch)),
            Term.Is("fence", Number(row.Fence)),
            Term.Is("last", Cell.Of(progress.Last?.Text)),
            Term.Is("finished", Flag(progress.Finished)),
            Term.Is("readThrough", Cell.Of(progress.ReadThrough)),
        ];
    }

    private static bool StandsAt(ShardRow? row, ShardProgress wanted) => row is null
        ? wanted is { Size: 0, Last: null, Finished: false, Epoch: 0 }
        : row.Shard.Progress is var has && has.Epoch == wanted.Epoch && has.Size == wanted.Size && has.Last == wanted.Last && has.Finished == wanted.Finished;

    // A row has no attribute for what is none: so has one that was made to note something else.
    private static AttributeValue? Number(long value) => value == 0 ? null : Cell.Of(value);

    private static AttributeValue? Flag(bool value) => value ? AttributeValue.Boolean(value) : null;

    // Equal trees are of equal leaves; what lies beside them could differ.
    private static string DigestOf(TrailAppend append)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(hash, Encoding.UTF8.GetBytes(RulesText.Of(append.Rules)));
        foreach (var leaf in append.Leaves)
        {
            Add(hash, leaf.Text.Span);
            Add(hash, leaf.Entry is { } entry ? entry.Body.Span : default);
        }

        return Convert.ToBase64String(hash.GetHashAndReset());
    }

    private static void Add(IncrementalHash hash, ReadOnlySpan<byte> part)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(length, part.Length);
        hash.AppendData(length);
        hash.AppendData(part);
    }
}
