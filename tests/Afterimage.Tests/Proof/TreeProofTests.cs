using Afterimage.Proof;
using Afterimage.Tests.Support;

namespace Afterimage.Tests.Proof;

public sealed class TreeProofTests
{
    // The reference leaves of certificate transparency and, below, proofs over them: transparency-dev/merkle, testonly/constants.go.
    private static readonly Sha256Hash[] Reference = Array.ConvertAll(
        ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"],
        (string leaf) => MerkleTree.Leaf(Convert.FromHexString(leaf)));

    [Theory]
    [InlineData(1, 0, "")]
    [InlineData(8, 0, "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7 5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e 6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4")]
    [InlineData(8, 5, "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0 d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7")]
    [InlineData(3, 2, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125")]
    public void The_reference_leaves_have_the_reference_paths(int size, int index, string path) =>
        string.Join(' ', TreeProof.Inclusion(Reference.AsSpan(0, size), index)).ShouldBe(path);

    [Theory]
    [InlineData(1, 1, "")]
    [InlineData(1, 8, "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7 5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e 6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4")]
    [InlineData(6, 8, "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0 d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7")]
    [InlineData(2, 5, "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b")]
    public void The_reference_trees_have_the_reference_proofs_of_consistency(int first, int second, string proof) =>
        string.Join(' ', TreeProof.Consistency(Reference.AsSpan(0, second), first)).ShouldBe(proof);

    [Fact]
    public void Every_leaf_of_every_small_tree_leads_to_the_root_and_nothing_else_does()
    {
        foreach (var size in Enumerable.Range(1, 33))
        {
            var leaves = Hashes(size);
            for (var index = 0; index < size; index++)
            {
                var path = TreeProof.Inclusion(leaves, index);

                TreeProof.Fold(leaves[index], index, size, path).ShouldBe(Root(leaves));
                if (size > 1)
                {
                    Folds(leaves[index], (index + 1) % size, size, path, Root(leaves)).ShouldBeFalse($"{index} of {size} at another place");
                    Folds(leaves[(index + 1) % size], index, size, path, Root(leaves)).ShouldBeFalse($"another leaf than {index} of {size}");
                    Folds(leaves[index], index, size, path[..^1], Root(leaves)).ShouldBeFalse($"{index} of {size}, cut");
                }

                Folds(leaves[index], index, size, [.. path, leaves[0]], Root(leaves)).ShouldBeFalse($"{index} of {size}, longer");
            }
        }
    }

    [Theory]
    [InlineData(3, 7)]
    [InlineData(4, 7)]
    [InlineData(6, 8)]
    public void A_tree_is_the_beginning_of_a_later_one(int first, int second)
    {
        var proof = TreeProof.Consistency(Reference.AsSpan(0, second), first);

        TreeProof.IsConsistent(first, Root(Reference.AsSpan(0, first)), second, Root(Reference.AsSpan(0, second)), proof).ShouldBeTrue();
    }

    [Fact]
    public void Every_two_small_trees_are_consistent_and_with_any_other_root_or_proof_they_are_not()
    {
        var leaves = Hashes(33);
        foreach (var second in Enumerable.Range(1, 33))
        {
            foreach (var first in Enumerable.Range(1, second))
            {
                var (old, @new) = (Root(leaves.AsSpan(0, first)), Root(leaves.AsSpan(0, second)));
                var proof = TreeProof.Consistency(leaves.AsSpan(0, second), first);

                TreeProof.IsConsistent(first, old, second, @new, proof).ShouldBeTrue($"{first} to {second}");
                TreeProof.IsConsistent(first, leaves[32], second, @new, proof).ShouldBeFalse($"{first} to {second}, another beginning");
                TreeProof.IsConsistent(first, old, second, MerkleTree.EmptyRoot, proof).ShouldBeFalse($"{first} to {second}, another end");
                TreeProof.IsConsistent(first, old, second, @new, [.. proof, old]).ShouldBeFalse($"{first} to {second}, longer");
                if (proof.Count > 0)
                {
                    TreeProof.IsConsistent(first, old, second, @new, proof[..^1]).ShouldBeFalse($"{first} to {second}, cut");
                }
            }
        }

        TreeProof.IsConsistent(0, MerkleTree.EmptyRoot, 1, leaves[0], []).ShouldBeFalse();
        TreeProof.IsConsistent(2, leaves[0], 1, leaves[0], []).ShouldBeFalse();
    }

    [Fact]
    public void Trees_of_any_size_prove_their_leaves_and_their_beginnings() => Property.Holds(60, (items, _) =>
    {
        var leaves = Hashes(1 + items.Below(3_000));
        var (index, first) = (items.Below(leaves.Length), 1 + items.Below(leaves.Length));
        var (path, proof, root) = (TreeProof.Inclusion(leaves, index), TreeProof.Consistency(leaves, first), Root(leaves));

        TreeProof.Fold(leaves[index], index, leaves.Length, path).ShouldBe(root);
        TreeProof.IsConsistent(first, Root(leaves.AsSpan(0, first)), leaves.Length, root, proof).ShouldBeTrue();
        if (path.Count > 0)
        {
            path[items.Below(path.Count)] = default;
            Folds(leaves[index], index, leaves.Length, path, root).ShouldBeFalse();
        }

        if (proof.Count > 0)
        {
            proof[items.Below(proof.Count)] = default;
            TreeProof.IsConsistent(first, Root(leaves.AsSpan(0, first)), leaves.Length, root, proof).ShouldBeFalse();
        }
    });

    private static bool Folds(Sha256Hash leaf, long index, long size, IReadOnlyList<Sha256Hash> path, Sha256Hash root)
    {
        try
        {
            return TreeProof.Fold(leaf, index, size, path) == root;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private static Sha256Hash Root(ReadOnlySpan<Sha256Hash> leaves) => TreeState.Empty.Append(leaves).Root();

    private static Sha256Hash[] Hashes(int count) => [.. Enumerable.Range(0, count).Select(number => MerkleTree.Leaf(BitConverter.GetBytes(number)))];
}
