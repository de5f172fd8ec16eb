using System.Globalization;
using Afterimage.Streams.Records;
using Afterimage.Trail;

namespace Afterimage.Verifying;

/// <summary>What the leaves of a shard are held to one after the other: the first opens it and says what it continues, places and sequence numbers rise, and nothing follows its end.</summary>
/// <param name="trail">The trail's name.</param>
/// <param name="shard">The shard.</param>
/// <param name="find">Finds the row of another shard of the stream.</param>
/// <param name="findings">Is told what is wrong.</param>
internal sealed class ShardOrder(string trail, TrailShard shard, Func<ShardId, TrailShard?> find, Findings findings)
{
    private readonly TreeName name = TreeName.Of(shard.Stream, shard.Progress.Shard);

    // What came without a shard comes in no order.
    private readonly bool isOrdered = shard.Progress.Shard != TrailShard.Intake;
    private readonly StampOrder stamps = new();
    private DateTimeOffset? lastChange;
    private bool endsInGap;
    private bool isClosed;

    /// <summary>The last sequence number so far.</summary>
    public SequenceNumber? Last { get; private set; }

    /// <summary>The time of the newest change so far.</summary>
    public DateTimeOffset? NewestChange { get; private set; }

    /// <summary>Whether nothing may follow: the shard was closed, or what was left of it is lost.</summary>
    public bool IsEnded => isClosed || (endsInGap && shard.Progress.Finished);

    /// <summary>Takes the next leaf.</summary>
    /// <param name="leaf">The leaf.</param>
    /// <param name="place">Where it stands.</param>
    public void Take(CheckedLeaf leaf, long place)
    {
        if (leaf.Leaf is not { } said)
        {
            return;
        }

        if (said.Index != place)
        {
            findings.Altered("SEQUENCE", Text($"{name}: the leaf in place {place} says that it is of {said.Index}"));
        }

        if (isClosed)
        {
            findings.Altered("LINEAGE", Text($"{name}: leaf {place} follows the end of the shard"));
        }

        if ((place == 0) != (said.Kind == "open"))
        {
            findings.Altered("LINEAGE", Text($"{name}: leaf {place} is of kind '{said.Kind}', and the first one opens a shard"));
        }
        else if (place == 0)
        {
            CheckOpening(said);
        }

        isClosed |= said.Kind == "close";
        endsInGap = said.Kind == "gap";
        if (said.Kind == "close" && said.Count != place - 1)
        {
            findings.Altered("LINEAGE", Text($"{name}: its end says that {said.Count} leaves lie before it, and {place - 1} do"));
        }

        TakeSequence(said.Seq, place);
        TakeTime(leaf, said.Kind, place);
        if (isOrdered && stamps.Problem(leaf) is { } problem)
        {
            findings.Altered("DERIVED", Text($"entry {leaf.Entry!.Id}, index {place} of {name}: {problem}"));
        }
    }

    private void CheckOpening(Proof.ShardLeaf said)
    {
        if (said.Of != (trail, shard.Stream.Value, shard.Progress.Shard.Value) || said.Encoding != Proof.LeafText.Encoding)
        {
            findings.Altered("LINEAGE", $"{name} opens as shard '{said.Of.Shard}' of '{said.Of.Arn}' in the trail '{said.Of.Trail}'");
        }

        if (said.Parent.Shard is not { } parent)
        {
            return;
        }

        var row = find(new ShardId(parent));
        if (row is null || row.Tree.Size != said.Parent.Size || row.Tree.Root() != said.Parent.Root)
        {
            findings.Altered("LINEAGE", Text($"{name} continues {parent} with {said.Parent.Size} leaves, and {(row is null ? "that is not there" : Text($"that has {row.Tree.Size}, or others"))}"));
        }
    }

    private void TakeSequence(string? seq, long place)
    {
        if (seq is null || !isOrdered)
        {
            return;
        }

        var number = new SequenceNumber(seq);
        if (Last is not null && number <= Last)
        {
            findings.Altered("SEQUENCE", Text($"{name}: entry {place} has the sequence number {seq}, after {Last.Value.Text}"));
        }

        Last = number;
    }

    // A record that hides its time is filed under that of the change before it.
    private void TakeTime(CheckedLeaf leaf, string kind, long place)
    {
        if (leaf.Entry is not { } entry)
        {
            return;
        }

        if (kind == "raw" && isOrdered && entry.Time != (lastChange ?? DateTimeOffset.UnixEpoch) && entry.Time != (NewestChange ?? DateTimeOffset.UnixEpoch))
        {
            findings.Altered("DERIVED", Text($"entry {entry.Id}, index {place} of {name}: it is filed under {entry.Time:u}, which is not the time of the change before it"));
        }

        if (kind is "entry" or "mark" or "raw")
        {
            lastChange = entry.Time;
            NewestChange = NewestChange > entry.Time ? NewestChange : entry.Time;
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
