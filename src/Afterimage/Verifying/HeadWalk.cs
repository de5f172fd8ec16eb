using System.Globalization;
using System.Runtime.InteropServices;
using Afterimage.Proof;
using Afterimage.Sealing;
using Afterimage.Streams.Shards;
using Afterimage.Trail;

namespace Afterimage.Verifying;

/// <summary>Replays the tree of one shard and holds it to the heads that were sealed of it.</summary>
/// <param name="name">The tree's name.</param>
/// <param name="heads">Its heads, in order.</param>
/// <param name="findings">Is told what is wrong.</param>
internal sealed class HeadWalk(TreeName name, IAsyncEnumerator<PlacedHead> heads, Findings findings)
{
    // Times of changes are rounded down to the second, and by DynamoDB Local to the minute.
    private static readonly TimeSpan Rounding = TimeSpan.FromMinutes(1);

    // So many are joined to the tree at once.
    private const int WaitingMax = 1_024;

    private readonly List<Sha256Hash> waiting = [];
    private (long At, long Place)? oldest;
    private (long At, long Place)? newest;
    private PlacedHead? placed;
    private LogLeaf.Head? head;
    private TreeState lastGood = TreeState.Empty;
    private bool isBroken;

    /// <summary>The tree so far.</summary>
    public TreeState Tree { get; private set; } = TreeState.Empty;

    /// <summary>The place of the next leaf.</summary>
    public long Next => Tree.Size + waiting.Count;

    /// <summary>How many leaves a seal covers.</summary>
    public long Sealed { get; private set; }

    /// <summary>Begins with the first head.</summary>
    public Task BeginAsync() => StepAsync();

    /// <summary>Takes the next leaf.</summary>
    /// <param name="hash">Its hash.</param>
    /// <param name="at">When the change was made, in seconds since 1970; null if it is none.</param>
    public async Task TakeAsync(Sha256Hash hash, long? at)
    {
        if (at is { } moment)
        {
            oldest = oldest is { } old && old.At <= moment ? old : (moment, Next);
            newest = newest is { } late && late.At >= moment ? late : (moment, Next);
        }

        waiting.Add(hash);
        if (head is not null && Next == head.Size)
        {
            Compare();
            await StepAsync();
        }
        else if (waiting.Count == WaitingMax)
        {
            Flush();
        }
    }

    /// <summary>Ends with the last leaf.</summary>
    public async Task EndAsync()
    {
        Flush();
        while (head is not null)
        {
            var size = head.Size;
            await StepAsync();
            if (head is null)
            {
                findings.Altered("TRUNCATED", Text($"{name}: {Tree.Size} of {size}"));
            }
        }
    }

    private void Compare()
    {
        Flush();
        if (Tree.Root() == head!.Root)
        {
            lastGood = Tree;
        }
        else if (!isBroken)
        {
            isBroken = true;
            findings.Altered("SHARD ALTERED", lastGood.Size + 1 == Tree.Size
                ? Text($"{name}, first difference at entry {lastGood.Size}")
                : Text($"{name}, first difference at one of the entries {lastGood.Size} to {Tree.Size - 1}"));
        }

        CompareTimes();
        Sealed = Tree.Size;
        (oldest, newest) = (null, null);
    }

    // What the seal before did not have was read after it, from a stream that holds a day.
    private void CompareTimes()
    {
        if (Epoch(placed!.Seal) is not { } seal)
        {
            findings.Altered("TIME", Text($"the seal of {name} at size {Tree.Size} does not say when it was"));
            return;
        }

        var skew = Sealer.ClockSkewMax + Rounding;
        if (newest is { } late && DateTimeOffset.FromUnixTimeSeconds(late.At) > seal.Time + skew)
        {
            findings.Altered("BACKDATED", Text($"{name}: entry {late.Place} was made {DateTimeOffset.FromUnixTimeSeconds(late.At):u} and sealed before, {seal.Time:u}"));
        }

        if (oldest is { } old && Epoch(placed.SealBefore) is { } before && DateTimeOffset.FromUnixTimeSeconds(old.At) < before.Time - Retention.Guaranteed - skew)
        {
            findings.Altered("BACKDATED", Text($"{name}: entry {old.Place} says {DateTimeOffset.FromUnixTimeSeconds(old.At):u}, was not there {before.Time:u}, and a stream holds a day"));
        }
    }

    private static LogLeaf.Epoch? Epoch(ReadOnlyMemory<byte> text)
    {
        try
        {
            return text.IsEmpty ? null : LogLeaf.Read(text.Span) as LogLeaf.Epoch;
        }
        catch (FormatException)
        {
            // The walk through the log tells what is wrong with this leaf.
            return null;
        }
    }

    private void Flush()
    {
        Tree = Tree.Append(CollectionsMarshal.AsSpan(waiting));
        waiting.Clear();
    }

    private async Task StepAsync()
    {
        (placed, head) = (null, null);
        while (head is null && await heads.MoveNextAsync())
        {
            placed = heads.Current;
            head = Head(placed.Text);
        }
    }

    // What is no head is told of by the walk through the log.
    private LogLeaf.Head? Head(ReadOnlyMemory<byte> text)
    {
        try
        {
            return LogLeaf.Read(text.Span) is LogLeaf.Head found && found.Size > Next ? found : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
