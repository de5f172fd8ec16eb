using Afterimage.Proof;
using Afterimage.Trail;

namespace Afterimage.Sealing;

/// <summary>Works out anew what trees have grown to, from the leaves that are kept: whoever appended them is not believed.</summary>
internal sealed class GrowthCheck(ITrailLog log)
{
    /// <summary>Replays the leaves behind each tree's last head.</summary>
    /// <exception cref="AfterimageException">They are not those that the tree's row stands for.</exception>
    public async Task<Growth> ReplayAsync(IReadOnlyList<GrownTree> trees, CancellationToken ct)
    {
        var replayed = new List<ReplayedTree>(trees.Count);
        var news = new List<RulesInForce>();
        foreach (var tree in trees)
        {
            var (state, rules) = (tree.Sealed, tree.SealedRules);
            await foreach (var run in log.LeavesAsync(tree.Name, tree.Sealed.Size, tree.Tree.Size, ct))
            {
                if (run.First != state.Size)
                {
                    throw Altered(tree, $"leaf {state.Size} is missing");
                }

                if (run.Rules is { } text && text != rules)
                {
                    rules = text;
                    news.Add(new RulesInForce(tree.Name, run.First, text));
                }

                state = state.Append([.. run.Texts.Select(leaf => MerkleTree.Leaf(leaf.Span))]);
            }

            if (!state.Equals(tree.Tree))
            {
                throw Altered(tree, $"{state.Size} leaves are kept, and they are not the {tree.Tree.Size} that were appended");
            }

            replayed.Add(new ReplayedTree(tree, rules));
        }

        return new Growth(replayed, news);
    }

    private static AfterimageException Altered(GrownTree tree, string what) => new(
        $"What the trail keeps of {tree.Name} was altered before it was sealed: {what}. Nothing is signed.",
        "Keep the trail as it is and look with afterimage verify. What the streams still hold can be read again into a new trail.");
}

/// <summary>What has grown.</summary>
/// <param name="Trees">The trees.</param>
/// <param name="NewRules">The rules that entries of them are read by, as far as the trail does not say so yet.</param>
internal sealed record Growth(IReadOnlyList<ReplayedTree> Trees, IReadOnlyList<RulesInForce> NewRules);

/// <summary>A tree that holds what its row says, and the rules at its end.</summary>
internal sealed record ReplayedTree(GrownTree Tree, string? Rules);
