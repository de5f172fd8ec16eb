using Afterimage.Entries;
using Afterimage.Proof;
using Afterimage.Trail;
using Afterimage.Verifying;

namespace Afterimage.Tests.Verifying;

/// <summary>Proofs of the entries of a trail.</summary>
public sealed class ProverTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(31)]
    [InlineData(32, "/a", "/status", "/b/c")]
    public async Task Every_entry_of_a_trail_is_proven_with_what_it_discloses(int seed, params string[] redact)
    {
        await using var trail = await SealedTrail.FillAsync(seed, redact);
        var key = trail.Key.Verifier(SealedTrail.Name);
        var count = 0;
        await trail.WorkAsync(async (kept, _) =>
        {
            await foreach (var (entry, _) in kept.SearchAsync(new SearchFilter(), Ct))
            {
                var proof = (await new Prover(kept).ProveAsync(entry.Id, Ct)).ShouldNotBeNull();
                var proven = EntryProof.Read(proof.ToUtf8()).Check(key).ShouldBeOfType<ProofVerdict.Proven>();

                proven.Entry.Id.ShouldBe(entry.Id.Value);
                proven.Shard.ShouldBe($"{entry.Stream.Arn}/{entry.ShardId}");
                var names = new[] { entry.OldImage, entry.NewImage, entry.Keys }.SelectMany(map => map is null ? [] : map.Select(member => member.Key)).Distinct().Count();
                (proven.Shown.Count + proven.Hidden).ShouldBe(entry is { Kind: EntryKind.Change, Unreadable: null } ? names + 1 : 0);
                count++;
            }
        });

        count.ShouldBe(158);
    }

    [Fact]
    public async Task An_entry_that_is_not_sealed_yet_is_not_proven()
    {
        await using var trail = await SealedTrail.FillAsync(33);
        await trail.WorkAsync(async (kept, recorder) =>
        {
            await trail.KeepAsync(recorder, SealedTrail.Child, trail.Batch(1));
            var newest = await kept.SearchAsync(new SearchFilter(), Ct).FirstAsync(Ct);

            var refused = await Should.ThrowAsync<AfterimageException>(() => new Prover(kept).ProveAsync(newest.Entry.Id, Ct));
            refused.Message.ShouldContain("is not sealed yet");
        });
    }

    [Fact]
    public async Task An_entry_that_is_not_there_has_no_proof()
    {
        await using var trail = await SealedTrail.FillAsync(33);
        await trail.WorkAsync(async (kept, _) => (await new Prover(kept).ProveAsync(EntryId.OfChange("other", AttributeMap.Empty, "1"), Ct)).ShouldBeNull());
    }

    [Fact]
    public void A_path_that_is_made_as_leaves_pass_by_is_the_one_of_the_whole_tree()
    {
        for (var size = 1; size <= 70; size++)
        {
            var leaves = Enumerable.Range(0, size).Select(n => MerkleTree.Leaf([(byte)n])).ToArray();
            for (var index = 0; index < size; index++)
            {
                var walk = new PathWalk(index, size);
                foreach (var leaf in leaves.Append(MerkleTree.Leaf("one more"u8)))
                {
                    walk.Take(leaf);
                }

                walk.Path.ShouldBe(TreeProof.Inclusion(leaves, index));
            }
        }
    }
}
