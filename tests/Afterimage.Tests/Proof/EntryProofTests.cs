using System.Text;
using Afterimage.Proof;
using Afterimage.Tests.Support;

namespace Afterimage.Tests.Proof;

public sealed class EntryProofTests : IDisposable
{
    private readonly SampleKey key = new();

    public static TheoryData<string> Wrongs { get; } = new(Tamperings.All.Select(tampering => tampering.What));

    public void Dispose() => key.Dispose();

    [Fact]
    public void A_proof_says_what_is_shown_how_much_is_not_where_it_stands_and_when_it_was_sealed()
    {
        var proven = new SmallTrail().Prove(key, 0, 2).Check(key.Verifier).ShouldBeOfType<ProofVerdict.Proven>();

        proven.Entry.ShouldBe(new ProvenEntry(
            proven.Entry.Leaf, "entry", "q58ack99jxj6fmmjhwevhr8qp4", 2, 1_795_291_872, "MODIFY", "49600000000000000005", proven.Entry.Item));
        proven.Entry.Leaf.ShouldContain($"\"item\":\"{proven.Entry.Item}\"");
        proven.Shown.Select(shown => shown.Name).ShouldBe(["", "status"]);
        proven.Shown[0].Values.ShouldBe(["""{"view":"NEW_AND_OLD_IMAGES"}"""]);
        proven.Shown[1].Values.ShouldBe(["""{"S":"PENDING"}""", """{"S":"SHIPPED"}"""]);
        proven.Hidden.ShouldBe(2);
        proven.Shard.ShouldBe(SmallTrail.Shard);
        proven.SealedAt.ShouldBe(new DateTimeOffset(2026, 11, 21, 23, 10, 30, TimeSpan.Zero));
        (proven.Checkpoint.Origin, proven.Checkpoint.Size).ShouldBe((SampleKey.Trail, 6));
    }

    [Theory]
    [InlineData(new int[0], 4)]
    [InlineData(new[] { 3 }, 3)]
    [InlineData(new[] { 2, 0, 3, 1 }, 0)]
    public void Any_part_of_an_entry_can_be_shown_in_any_order(int[] shown, int hidden) =>
        new SmallTrail().Prove(key, shown).Check(key.Verifier).ShouldBeOfType<ProofVerdict.Proven>().Hidden.ShouldBe(hidden);

    [Theory]
    [InlineData("""{"eid":"q5","i":2,"seq":null,"sha256":"Q45rtJSE53yX3X93Kzya4rtFTPXKzoT4scAV03MUGZo=","t":"raw"}""", "raw")]
    [InlineData("""{"at":1,"cause":"trimmed","certainty":"certain","eid":"q5","i":2,"last":"4","next":null,"previous":null,"t":"gap"}""", "gap")]
    [InlineData("""{"at":1,"eid":"q5","event":"begin","from":"TRIM_HORIZON","i":2,"t":"lifecycle"}""", "lifecycle")]
    public void What_is_no_change_is_proven_by_its_leaf_alone(string leaf, string kind)
    {
        var proof = new SmallTrail { Leaf = leaf, Disclosures = [] }.Prove(key);

        var proven = proof.Check(key.Verifier).ShouldBeOfType<ProofVerdict.Proven>();

        (proven.Entry.Kind, proven.Entry.Leaf, proven.Entry.Item, proven.Shown.Count).ShouldBe((kind, leaf, null, 0));
    }

    [Theory]
    [MemberData(nameof(Wrongs))]
    public void A_proof_that_was_tampered_with_fails_at_the_step_that_rests_on_it(string what)
    {
        var tampering = Tamperings.All.Single(tampering => tampering.What == what);
        var proof = tampering.Proof(key);

        var refuted = proof.Check(key.Verifier).ShouldBeOfType<ProofVerdict.Refuted>();

        refuted.Step.ShouldBe(tampering.Step, refuted.Why);
        refuted.Why.ShouldNotBeEmpty();
        EntryProof.Read(proof.ToUtf8()).Check(key.Verifier).ShouldBe(refuted);
    }

    [Fact]
    public void A_checkpoint_that_others_signed_too_is_as_good()
    {
        using var witness = new SampleKey(7, "witness.example.com");
        var proof = new SmallTrail().Prove(key);
        var text = Encoding.UTF8.GetBytes(proof.Checkpoint.Split("\n\n")[0] + "\n");
        var line = Encoding.UTF8.GetString(SignedCheckpoint.Of(Checkpoint.Read(text), witness.Verifier, witness.Sign(text)).Note.Span).Split("\n\n")[1];

        (proof with { Checkpoint = proof.Checkpoint + line }).Check(key.Verifier).ShouldBeOfType<ProofVerdict.Proven>();
        (proof with { Checkpoint = proof.Checkpoint.Replace("\n\n", "\n\n" + line, StringComparison.Ordinal) }).Check(key.Verifier).ShouldBeOfType<ProofVerdict.Proven>();
    }

    [Fact]
    public void Random_entries_of_random_trails_are_proven_and_read_back_as_they_were() => Property.Holds(50, (items, size) =>
    {
        var trail = new RandomTrail(items, key, size);
        for (var left = 4; left > 0; left--)
        {
            var proof = trail.Prove();
            var read = EntryProof.Read(proof.ToUtf8());

            read.ToUtf8().ShouldBe(proof.ToUtf8());
            (read.Entry, read.Head, read.Epoch, read.Checkpoint).ShouldBe((proof.Entry, proof.Head, proof.Epoch, proof.Checkpoint));
            read.Shown.ShouldBe(proof.Shown);
            var proven = read.Check(key.Verifier).ShouldBeOfType<ProofVerdict.Proven>();
            (proven.Shown.Count, proven.Hidden).ShouldBe((proof.Shown.Count, proof.Hidden.Count));
        }
    });

    [Fact]
    public void A_proof_with_a_random_bit_changed_does_not_hold_unless_it_says_the_same() => Property.Holds(600, (items, _) =>
    {
        var whole = new SmallTrail().Prove(key, 0, 2).ToUtf8();
        var changed = whole.ToArray();
        changed[items.Below(changed.Length)] ^= (byte)(1 << items.Below(8));

        EntryProof proof;
        try
        {
            proof = EntryProof.Read(changed);
        }
        catch (FormatException)
        {
            return;
        }

        // A tab for a space between its members is the same proof.
        if (proof.Check(key.Verifier) is ProofVerdict.Proven)
        {
            proof.ToUtf8().ShouldBe(whole);
        }
    });
}
