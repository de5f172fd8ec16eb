using System.Globalization;
using Afterimage.Proof;
using Afterimage.Trail;

namespace Afterimage.Verifying;

/// <summary>Replays the trail's log: the roots at every size that was signed or witnessed, the order of heads and of seals.</summary>
internal sealed class LogWalk(Findings findings, IReadOnlyList<RootClaims> claims)
{
    private readonly Dictionary<TreeName, LogLeaf.Head> heads = [];
    private readonly List<Sha256Hash> waiting = [];
    private readonly List<(TreeName Tree, long Place, ReadOnlyMemory<byte> Text)> ofSeal = [];
    private ReadOnlyMemory<byte> endBefore;
    private LogLeaf.Epoch? epoch;

    /// <summary>The log so far.</summary>
    public TreeState Tree { get; private set; } = TreeState.Empty;

    /// <summary>The last head of each tree.</summary>
    public IReadOnlyDictionary<TreeName, LogLeaf.Head> Heads => heads;

    /// <summary>All heads of each tree.</summary>
    public HeadDigests Digests { get; } = new();

    /// <summary>The last seal.</summary>
    public LogLeaf.Epoch? Epoch => epoch;

    /// <summary>The place of the next leaf.</summary>
    public long Next => Tree.Size + waiting.Count;

    /// <summary>Takes the next leaf.</summary>
    public async Task TakeAsync(LogRow row)
    {
        waiting.Add(MerkleTree.Leaf(row.Text.Span));
        var place = Next - 1;
        try
        {
            switch (LogLeaf.Read(row.Text.Span))
            {
                case LogLeaf.Head head:
                    Take(head, row, place);
                    break;
                case LogLeaf.Epoch next:
                    Take(next, row, place);
                    await EndSealAsync();
                    break;
            }
        }
        catch (FormatException e)
        {
            findings.Altered("FORK", Text($"leaf {place} of the log: {e.Message}"));
        }
    }

    /// <summary>Ends with the last leaf.</summary>
    /// <param name="sizeNow">Tells the size of the log: it may have grown, and been signed, since it was begun to be read.</param>
    public async Task EndAsync(Func<Task<long>> sizeNow)
    {
        await EndSealAsync();
        foreach (var claim in claims)
        {
            await claim.EndAsync(sizeNow, findings);
        }
    }

    private void Take(LogLeaf.Head head, LogRow row, long place)
    {
        var name = new TreeName(head.Shard);
        if (row.Tree != name)
        {
            findings.Altered("HEAD ORDER", Text($"leaf {place} of the log is the head of {name}, and the trail finds it by '{row.Tree}'"));
        }

        if (heads.TryGetValue(name, out var before) && (before.IsEnd || head.Size <= before.Size))
        {
            findings.Altered("HEAD ORDER", Text($"{name} has size {before.Size}{(before.IsEnd ? ", its end," : string.Empty)} and then size {head.Size}"));
        }

        heads[name] = head;
        ofSeal.Add((name, place, row.Text));
    }

    private void Take(LogLeaf.Epoch next, LogRow row, long place)
    {
        if (row.Tree is not null)
        {
            findings.Altered("HEAD ORDER", Text($"leaf {place} of the log ends a seal, and the trail finds it as a head of {row.Tree}"));
        }

        if (next.Number != (epoch?.Number ?? 0) + 1 || next.Time < epoch?.Time)
        {
            findings.Altered("TIME", Text($"seal {epoch?.Number ?? 0} of {epoch?.Time:u} is followed by seal {next.Number} of {next.Time:u}"));
        }

        epoch = next;
        foreach (var (tree, at, text) in ofSeal)
        {
            Digests.Take(tree, new PlacedHead(at, text, row.Text, endBefore));
        }

        ofSeal.Clear();
        endBefore = row.Text;
    }

    // Sizes are signed where seals end.
    private async Task EndSealAsync()
    {
        Tree = Tree.Append([.. waiting]);
        waiting.Clear();
        foreach (var claim in claims)
        {
            await claim.CompareAsync(Tree, findings);
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
