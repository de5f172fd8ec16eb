using System.Runtime.CompilerServices;
using Afterimage.Proof;
using Afterimage.Trail.DynamoDb.Table;

namespace Afterimage.Trail.DynamoDb;

/// <summary>
/// What the log knows of each tree. The last seal says it, and the rows of the trees say it of all seals before: to them it is carried over before the next seal is put,
/// so that never more than one seal has to be read for it.
/// </summary>
internal sealed class SealedTrees(IItemTable table, ShardRows rows, DynamoAdmin admin)
{
    /// <summary>The trees that have grown since they were last sealed.</summary>
    /// <param name="last">The last seal, read before; null where there is none.</param>
    /// <param name="ct">Gives up.</param>
    public async IAsyncEnumerable<GrownTree> GrownAsync(Seal? last, [EnumeratorCancellation] CancellationToken ct)
    {
        var heads = (last?.Heads ?? []).ToDictionary(head => head.Name);
        var trail = await table.GetAsync(Layout.Trail, ct);
        var known = trail?.BytesOrNull("sealed") is { } bytes ? TreeState.Read(bytes) : TreeState.Empty;
        var own = Overlay(new GrownTree(TreeName.Administration, known, null, await admin.TreeAsync(ct), IsEnd: false), heads);
        if (HasGrown(own))
        {
            yield return own;
        }

        await foreach (var row in rows.AllAsync([], ct))
        {
            var progress = row.Shard.Progress;
            var tree = Overlay(new GrownTree(TreeName.Of(row.Shard.Stream, progress.Shard), row.Sealed, row.SealedRules, row.Shard.Tree, progress.Finished), heads);
            if (HasGrown(tree))
            {
                yield return tree;
            }
        }
    }

    /// <summary>
    /// Carries over what a seal says. It only ever goes forward: the bytes of a tree's state begin with its size, the most significant first, and DynamoDB compares
    /// bytes in their order. A tree that has lost its row gets none from here.
    /// </summary>
    public Task FinishAsync(Seal seal, CancellationToken ct) => Task.WhenAll(seal.Heads.Select(head =>
    {
        var state = Cell.Of(head.Tree.ToBytes());
        return table.WriteAsync(
            new ItemWrite.Update(
                head.Name.Shard is { } shard ? Layout.RowOf(shard.Stream, shard.Shard) : Layout.Trail,
                [("sealed", state), ("sealedRules", Cell.Of(head.Rules))],
                Term.AnItem,
                Term.Below("sealed", state)),
            ct);
    }));

    private static GrownTree Overlay(GrownTree tree, Dictionary<TreeName, SealedTree> heads) =>
        heads.TryGetValue(tree.Name, out var head) && head.Tree.Size > tree.Sealed.Size ? tree with { Sealed = head.Tree, SealedRules = head.Rules } : tree;

    private static bool HasGrown(GrownTree tree) => tree.Tree.Size != tree.Sealed.Size;
}
