using System.Security.Cryptography;
using System.Text;
using Afterimage.Proof;

namespace Afterimage.Tests.Proof;

public sealed class EntryCommitmentTests
{
    public static TheoryData<string> Names { get; } = new(Vectors.All.Select(vector => vector.Name));

    [Theory]
    [MemberData(nameof(Names))]
    public void A_record_gives_the_leaf_that_was_computed_elsewhere(string name)
    {
        var vector = Vectors.All.Single(vector => vector.Name == name);
        var made = CommittedVector.Of(name);

        made.EntrySaltInHex.ShouldBe(vector.EntrySalt);
        if (vector.Texts.Length > 0)
        {
            string.Join('\n', made.Texts).ShouldBe(vector.Texts);
        }

        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', made.Texts)))).ShouldBe(vector.TextsHash);
        made.Digests[^1].ToString().ShouldBe(vector.LastDigest);
        made.Leaf.ShouldBe(vector.Leaf);
        made.LeafHash.ToString().ShouldBe(vector.LeafHash);
    }

    [Fact]
    public void One_commitment_serves_entry_after_entry_whatever_their_size()
    {
        using var commitment = new EntryCommitment();

        foreach (var vector in Vectors.All.Concat(Vectors.All.Reverse()))
        {
            new CommittedVector(vector, commitment).Leaf.ShouldBe(vector.Leaf);
        }
    }

    [Fact]
    public void An_entry_that_was_given_up_leaves_nothing_behind()
    {
        using var commitment = new EntryCommitment();
        commitment.Begin(new byte[32], "{}"u8);
        commitment.AddUnchanged("\"z\""u8, """{"N":"1"}"""u8);
        Should.Throw<FormatException>(() => commitment.AddUnchanged("\"\""u8, """{"N":"1"}"""u8));

        new CommittedVector(Vectors.All[0], commitment).Leaf.ShouldBe(Vectors.All[0].Leaf);
    }

    [Fact]
    public void One_source_of_salts_serves_entry_after_entry()
    {
        using var salts = new ShardSalts(Vectors.ShardKey);
        var secret = new byte[ShardSalts.SecretSize];

        foreach (var vector in Vectors.All)
        {
            salts.Derive(Encoding.ASCII.GetBytes(vector.Header.Seq), secret);
            Convert.ToHexStringLower(secret).ShouldBe(vector.EntrySalt);
        }
    }

    [Fact]
    public void Every_disclosure_has_a_salt_of_its_own()
    {
        var made = CommittedVector.Of("many attributes");

        made.Salts.Distinct().Count().ShouldBe(71);
        made.Salts.ShouldAllBe(salt => Convert.FromBase64String(salt).Length == 16);
        made.Texts[70].ShouldStartWith($"[\"{made.Salts[70]}\",");
    }

    // What stays of an entry after an erasure, or of one with a redacted attribute: the salts and texts of the others, and one digest.
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4)]
    public void An_entry_still_verifies_when_all_that_is_left_of_an_attribute_is_its_digest(int erased)
    {
        var made = CommittedVector.Of("MODIFY");
        var digests = new List<Sha256Hash> { Sha256Hash.Read(made.Digests[erased].Bytes.ToArray()) };

        foreach (var text in made.Texts.Where((_, rank) => rank != erased))
        {
            digests.Insert(0, Sha256Hash.Of(Encoding.UTF8.GetBytes(text)));
        }

        made.Leaf.ShouldContain($"\"item\":\"{EntryItem.Of([.. digests]).ToBase64()}\"");
    }

    [Fact]
    public void A_disclosure_written_from_its_salt_and_values_is_the_one_that_was_hashed()
    {
        var made = CommittedVector.Of("MODIFY");
        var both = new byte[Disclosure.Length("\"status\""u8, """{"S":"PENDING"}"""u8, """{"S":"SHIPPED"}"""u8)];
        var one = new byte[Disclosure.Length("\"total\""u8, """{"N":"1.10"}"""u8)];

        Disclosure.Write(both, Encoding.ASCII.GetBytes(made.Salts[3]), "\"status\""u8, """{"S":"PENDING"}"""u8, """{"S":"SHIPPED"}"""u8);
        Disclosure.Write(one, Encoding.ASCII.GetBytes(made.Salts[4]), "\"total\""u8, """{"N":"1.10"}"""u8);

        Sha256Hash.Of(both).ShouldBe(made.Digests[3]);
        Sha256Hash.Of(one).ShouldBe(made.Digests[4]);
    }

    [Fact]
    public void Whatever_differs_gives_another_item()
    {
        var items = new List<Sha256Hash>
        {
            Item("{}", commitment => commitment.Add("\"a\""u8, default, """{"S":"1"}"""u8)),
            Item("{}", commitment => commitment.Add("\"a\""u8, """{"S":"1"}"""u8, default)),
            Item("{}", commitment => commitment.Add("\"a\""u8, """{"S":"1"}"""u8, """{"S":"1"}"""u8)),
            Item("{}", commitment => commitment.Add("\"a\""u8, """{"NULL":true}"""u8, """{"S":"1"}"""u8)),
            Item("{}", commitment => commitment.Add("\"b\""u8, default, """{"S":"1"}"""u8)),
            Item("{}", _ => { }),
            Item("""{"view":"NEW_IMAGE"}""", _ => { }),
        };

        items.ShouldBeUnique();
    }

    [Fact]
    public void Equal_values_before_and_after_are_disclosed_once() =>
        Item("{}", commitment => commitment.Add("\"a\""u8, """{"S":"1"}"""u8, """{"S":"1"}"""u8))
            .ShouldBe(Item("{}", commitment => commitment.AddUnchanged("\"a\""u8, """{"S":"1"}"""u8)));

    [Fact]
    public void Names_come_in_order_and_once_and_are_never_empty()
    {
        Should.Throw<ArgumentException>(() => Item("{}", commitment => Names(commitment, "b", "a")));
        Should.Throw<ArgumentException>(() => Item("{}", commitment => Names(commitment, "a", "a")));
        Should.Throw<ArgumentException>(() => Item("{}", commitment => Names(commitment, "\ue000", "😀")));
        Should.Throw<FormatException>(() => Item("{}", commitment => Names(commitment, string.Empty)));

        static void Names(EntryCommitment commitment, params string[] names) =>
            Array.ForEach(names, name => commitment.AddUnchanged(CommittedVector.Name(name), """{"N":"1"}"""u8));
    }

    [Fact]
    public void An_attribute_has_a_value() =>
        Should.Throw<ArgumentException>(() => Item("{}", commitment => commitment.Add("\"a\""u8, default, default)));

    [Fact]
    public void Keys_and_secrets_have_32_bytes()
    {
        using var commitment = new EntryCommitment();

        Should.Throw<ArgumentException>(() => commitment.Begin(new byte[31], "{}"u8));
        Should.Throw<ArgumentException>(() => new ShardSalts(new byte[33]).Dispose());
        Should.Throw<ArgumentException>(() => new ShardSalts([]).Dispose());
    }

    private static Sha256Hash Item(string envelope, Action<EntryCommitment> add)
    {
        using var commitment = new EntryCommitment();
        commitment.Begin(new byte[32], Encoding.UTF8.GetBytes(envelope));
        add(commitment);
        commitment.Finish();
        return commitment.Item;
    }
}
