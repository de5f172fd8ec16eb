using System.Buffers;
using System.Text;
using Afterimage.Proof;

namespace Afterimage.Tests.Proof;

public sealed class LeafTextTests
{
    private readonly ArrayBufferWriter<byte> text = new();

    private string Written => Encoding.UTF8.GetString(text.WrittenSpan);

    [Fact]
    public void An_unreadable_record_leaves_the_hash_of_its_bytes()
    {
        var hash = LeafText.WriteRaw(text, "0123456789abcdefghjkmnpqrs"u8, 7, "49600000000000000005"u8, Sha256Hash.Of("{broken"u8));

        Written.ShouldBe(
            """{"eid":"0123456789abcdefghjkmnpqrs","i":7,"seq":"49600000000000000005","sha256":"vjAkYc2ihds+0tRft2eyPgjKiAizWmOACZN98iszLXM=","t":"raw"}""");
        hash.ShouldBe(MerkleTree.Leaf(text.WrittenSpan));
    }

    [Fact]
    public void An_unreadable_record_may_not_even_tell_its_sequence_number()
    {
        LeafText.WriteRaw(text, "a"u8, 7, default, Sha256Hash.Of([]));

        Written.ShouldBe("""{"eid":"a","i":7,"seq":null,"sha256":"47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=","t":"raw"}""");
    }

    [Fact]
    public void A_shard_opens_where_its_stream_begins()
    {
        var hash = LeafText.WriteOpen(text, "\"audit\""u8, "\"arn\""u8, "\"shardId-1\""u8, ShardParent.Beginning);

        Written.ShouldBe("""{"enc":1,"i":0,"parent":"beginning","shard":"shardId-1","stream":"arn","t":"open","trail":"audit"}""");
        hash.ShouldBe(MerkleTree.Leaf(text.WrittenSpan));
    }

    [Fact]
    public void A_shard_opens_behind_one_that_was_never_read()
    {
        LeafText.WriteOpen(text, "\"audit\""u8, "\"arn\""u8, "\"shardId-1\""u8, ShardParent.Unread);

        Written.ShouldBe("""{"enc":1,"i":0,"parent":"unread","shard":"shardId-1","stream":"arn","t":"open","trail":"audit"}""");
    }

    [Fact]
    public void A_shard_opens_behind_the_tree_that_its_parent_ended_with()
    {
        var parent = TreeState.Empty.Append(MerkleTree.Leaf([]));

        LeafText.WriteOpen(text, "\"audit \\\"1\\\"\""u8, "\"arn\""u8, "\"shardId-2\""u8, ShardParent.Read("\"shardId-1\""u8, parent));

        Written.ShouldBe(
            """{"enc":1,"i":0,"parent":{"root":"bjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBhevoB0=","shard":"shardId-1","size":1},"shard":"shardId-2","stream":"arn","t":"open","trail":"audit \"1\""}""");
    }

    [Fact]
    public void A_shard_closes_with_what_it_held()
    {
        var hash = LeafText.WriteClose(text, 12, 11, "49600000000000000099"u8);

        Written.ShouldBe("""{"count":11,"ending":"49600000000000000099","i":12,"t":"close"}""");
        hash.ShouldBe(MerkleTree.Leaf(text.WrittenSpan));
    }

    [Fact]
    public void A_shard_closes_also_where_its_ending_was_not_told()
    {
        LeafText.WriteClose(text, 1, 0, default);

        Written.ShouldBe("""{"count":0,"ending":null,"i":1,"t":"close"}""");
    }

    [Fact]
    public void A_gap_says_what_lies_around_it()
    {
        var hash = LeafText.WriteGap(text, 1_795_302_519, "a"u8, 5, new GapText { Cause = "trimmed"u8, Certainty = "certain"u8, Last = "41"u8, Next = "43"u8 });

        Written.ShouldBe(
            """{"at":1795302519,"cause":"trimmed","certainty":"certain","eid":"a","i":5,"last":"41","next":"43","previous":null,"t":"gap"}""");
        hash.ShouldBe(MerkleTree.Leaf(text.WrittenSpan));
    }

    [Fact]
    public void A_gap_between_two_streams_names_the_one_before()
    {
        LeafText.WriteGap(text, 1, "a"u8, 1, new GapText { Cause = "reEnabled"u8, Certainty = "possible"u8, Previous = "\"arn:1\""u8 });

        Written.ShouldBe(
            """{"at":1,"cause":"reEnabled","certainty":"possible","eid":"a","i":1,"last":null,"next":null,"previous":"arn:1","t":"gap"}""");
    }

    [Fact]
    public void The_beginning_of_a_table_says_from_where_it_is_read()
    {
        var hash = LeafText.WriteLifecycle(text, 1_795_302_519, "a"u8, "begin"u8, "TRIM_HORIZON"u8, 1);

        Written.ShouldBe("""{"at":1795302519,"eid":"a","event":"begin","from":"TRIM_HORIZON","i":1,"t":"lifecycle"}""");
        hash.ShouldBe(MerkleTree.Leaf(text.WrittenSpan));
    }

    [Fact]
    public void Leaves_are_written_one_behind_the_other()
    {
        LeafText.WriteClose(text, 1, 0, default);
        var second = LeafText.WriteClose(text, 2, 0, default);

        second.ShouldBe(MerkleTree.Leaf("""{"count":0,"ending":null,"i":2,"t":"close"}"""u8));
        text.WrittenCount.ShouldBe(2 * 43);
    }

    [Theory]
    [InlineData(-1, "5")]
    [InlineData(9_007_199_254_740_992, "5")]
    [InlineData(1, "")]
    [InlineData(1, "5a")]
    [InlineData(1, "-5")]
    [InlineData(1, "5\",\"t\":\"close")]
    public void What_a_record_may_not_say_is_refused(long at, string seq)
    {
        Should.Throw<FormatException>(() =>
            LeafText.WriteEntry(text, at, "a"u8, 1, Sha256Hash.Of([]), "INSERT"u8, Encoding.UTF8.GetBytes(seq)));
        text.WrittenCount.ShouldBe(0);
    }

    [Fact]
    public void No_word_of_a_leaf_can_end_its_string()
    {
        Should.Throw<ArgumentException>(() => LeafText.WriteEntry(text, 1, "a\""u8, 1, Sha256Hash.Of([]), "INSERT"u8, "5"u8));
        Should.Throw<ArgumentException>(() => LeafText.WriteEntry(text, 1, "a"u8, 1, Sha256Hash.Of([]), "IN SERT"u8, "5"u8));
        text.WrittenCount.ShouldBe(0);
    }
}
