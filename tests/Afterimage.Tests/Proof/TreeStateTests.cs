using System.Numerics;
using Afterimage.Proof;

namespace Afterimage.Tests.Proof;

public sealed class TreeStateTests
{
    // The reference leaves and roots of certificate transparency: transparency-dev/merkle, testonly/constants.go.
    private static readonly string[] Leaves =
        ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];

    private static readonly string[] Roots =
    [
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];

    [Fact]
    public void The_reference_trees_have_the_reference_roots()
    {
        var hashes = Array.ConvertAll(Leaves, leaf => MerkleTree.Leaf(Convert.FromHexString(leaf)));

        for (var size = 0; size <= hashes.Length; size++)
        {
            TreeState.Empty.Append(hashes.AsSpan(0, size)).Root().ToString().ShouldBe(Roots[size]);
            RootByDefinition(hashes.AsSpan(0, size)).ToString().ShouldBe(Roots[size]);
        }
    }

    [Fact]
    public void The_state_of_every_small_tree_has_the_root_that_the_definition_gives()
    {
        var hashes = Hashes(300);
        var state = TreeState.Empty;

        for (var size = 0; size < 300; size++)
        {
            state.Size.ShouldBe(size);
            state.Root().ShouldBe(RootByDefinition(hashes.AsSpan(0, size)));
            state = state.Append(hashes[size]);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1_000)]
    public void Any_way_of_cutting_batches_gives_one_state(int batch)
    {
        var hashes = Hashes(2_500);

        var state = hashes.Chunk(batch).Aggregate(TreeState.Empty, (state, leaves) => state.Append(leaves));

        state.ShouldBe(TreeState.Empty.Append(hashes));
        state.Root().ShouldBe(RootByDefinition(hashes));
    }

    [Fact]
    public void Appending_leaves_the_state_before_as_it_was()
    {
        var hashes = Hashes(9);
        var before = TreeState.Empty.Append(hashes.AsSpan(0, 7));
        var root = before.Root();

        before.Append(hashes[7], hashes[8]).ShouldNotBe(before);

        before.Size.ShouldBe(7);
        before.Root().ShouldBe(root);
    }

    [Fact]
    public void A_state_is_read_back_as_it_was_kept_and_goes_on_alike()
    {
        var hashes = Hashes(130);

        for (var size = 0; size < 130; size++)
        {
            var state = TreeState.Empty.Append(hashes.AsSpan(0, size));
            var bytes = state.ToBytes();
            var read = TreeState.Read(bytes);

            bytes.Length.ShouldBe(8 + (32 * BitOperations.PopCount((uint)size)));
            read.ShouldBe(state);
            read.GetHashCode().ShouldBe(state.GetHashCode());
            read.Append(hashes[size]).Root().ShouldBe(state.Append(hashes[size]).Root());
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("00000000000000")]
    [InlineData("0000000000000001")]
    [InlineData("000000000000000000")]
    [InlineData("ffffffffffffffff")]
    [InlineData("0020000000000000")]
    public void What_is_no_state_is_refused(string hex) => Should.Throw<FormatException>(() => TreeState.Read(Convert.FromHexString(hex)));

    [Fact]
    public void A_state_with_a_hash_or_a_byte_more_or_less_is_refused()
    {
        var bytes = TreeState.Empty.Append(Hashes(11)).ToBytes();

        foreach (var length in Enumerable.Range(0, bytes.Length + 64).Where(length => length != bytes.Length))
        {
            var other = new byte[length];
            bytes.AsSpan(0, Math.Min(length, bytes.Length)).CopyTo(other);
            Should.Throw<FormatException>(() => TreeState.Read(other));
        }
    }

    [Fact]
    public void A_tree_ends_where_JSON_cannot_count_on()
    {
        var full = new byte[8 + (32 * 53)];
        Convert.FromHexString("001fffffffffffff").CopyTo(full, 0);

        var state = TreeState.Read(full);

        state.Size.ShouldBe(9_007_199_254_740_991);
        Should.Throw<InvalidOperationException>(() => state.Append(Hashes(1)));
    }

    [Fact]
    public void A_leaf_of_any_length_is_hashed_whole()
    {
        foreach (var length in new[] { 0, 1, 510, 511, 512, 513, 5_000 })
        {
            var text = Enumerable.Range(0, length).Select(at => (byte)at).ToArray();

            MerkleTree.Leaf(text).ShouldBe(Sha256Hash.Of([0, .. text]));
        }
    }

    private static Sha256Hash[] Hashes(int count) =>
        [.. Enumerable.Range(0, count).Select(leaf => MerkleTree.Leaf(BitConverter.GetBytes(leaf)))];

    /// <summary>RFC 6962, section 2.1, word for word.</summary>
    private static Sha256Hash RootByDefinition(ReadOnlySpan<Sha256Hash> leaves)
    {
        if (leaves.Length == 0)
        {
            return Sha256Hash.Of([]);
        }

        if (leaves.Length == 1)
        {
            return leaves[0];
        }

        var split = 1;
        while (2 * split < leaves.Length)
        {
            split *= 2;
        }

        return Sha256Hash.Of([1, .. RootByDefinition(leaves[..split]).Bytes, .. RootByDefinition(leaves[split..]).Bytes]);
    }
}
