using System.Buffers;
using System.Text;
using Afterimage.Proof;

namespace Afterimage.Tests.Proof;

public sealed class LogLeafTests
{
    private const string Root = "JXuwG8wdKykCirMJm3BVtpIY72KI81mepVOK5KTayF4=";
    private const string Head = $$"""{"end":false,"root":"{{Root}}","shard":"stream/shard","size":10,"t":"head"}""";
    private const string Epoch = """{"n":3,"t":"epoch","time":"2026-11-21T23:10:30Z"}""";

    private static readonly DateTimeOffset Time = new(2026, 11, 21, 23, 10, 30, TimeSpan.Zero);

    [Fact]
    public void A_head_is_written_in_the_one_way_and_read_back()
    {
        var head = new LogLeaf.Head("stream/shard", 10, Sha256Hash.Read(Convert.FromBase64String(Root)), IsEnd: false);

        Written(head).ShouldBe(Head);
        Read(Head).ShouldBe(head);
        Written(head with { IsEnd = true }).ShouldStartWith("""{"end":true,""");
        Read(Written(head with { IsEnd = true })).ShouldBe(head with { IsEnd = true });
    }

    [Fact]
    public void An_epoch_is_written_in_the_one_way_and_read_back()
    {
        var epoch = new LogLeaf.Epoch(3, Time);

        Written(epoch).ShouldBe(Epoch);
        Read(Epoch).ShouldBe(epoch);
        Written(epoch with { Time = Time.ToOffset(TimeSpan.FromHours(2)) }).ShouldBe(Epoch);
        Written(epoch with { Time = Time.AddMilliseconds(999) }).ShouldBe(Epoch, "seconds are all it says");
    }

    [Fact]
    public void The_hash_of_a_leaf_is_that_of_its_text()
    {
        var text = new ArrayBufferWriter<byte>();

        new LogLeaf.Epoch(3, Time).Write(text, default).ShouldBe(MerkleTree.Leaf(text.WrittenSpan));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("1")]
    [InlineData("null")]
    [InlineData(Head + "x")]
    [InlineData(Head + Head)]
    [InlineData(Epoch + "{}")]
    [InlineData("""{"n":3,"t":"head","time":"2026-11-21T23:10:30Z"}""")]
    [InlineData("""{"n":3,"time":"2026-11-21T23:10:30Z"}""")]
    [InlineData("""{"n":3,"t":"epoch"}""")]
    [InlineData("""{"n":3,"n":3,"t":"epoch","time":"2026-11-21T23:10:30Z"}""")]
    [InlineData("""{"n":3,"\u006e":3,"t":"epoch","time":"2026-11-21T23:10:30Z"}""")]
    [InlineData("""{"n":3,"t":"epoch","time":"2026-11-21T23:10:30Z","extra":1}""")]
    [InlineData("""{"n":3,"t":"epoch","extra":"2026-11-21T23:10:30Z"}""")]
    [InlineData("""{"n":-1,"t":"epoch","time":"2026-11-21T23:10:30Z"}""")]
    [InlineData("""{"n":3.0,"t":"epoch","time":"2026-11-21T23:10:30Z"}""")]
    [InlineData("""{"n":"3","t":"epoch","time":"2026-11-21T23:10:30Z"}""")]
    [InlineData("""{"n":null,"t":"epoch","time":"2026-11-21T23:10:30Z"}""")]
    [InlineData("""{"n":[3],"t":"epoch","time":"2026-11-21T23:10:30Z"}""")]
    [InlineData("""{"n":9007199254740992,"t":"epoch","time":"2026-11-21T23:10:30Z"}""")]
    [InlineData("""{"n":3,"t":"epoch","time":"2026-11-21T23:10:30"}""")]
    [InlineData("""{"n":3,"t":"epoch","time":"2026-11-21T23:10:30.0Z"}""")]
    [InlineData("""{"n":3,"t":"epoch","time":"2026-11-21T23:10:30+00:00"}""")]
    [InlineData("""{"n":3,"t":"epoch","time":"2026-11-31T23:10:30Z"}""")]
    [InlineData("""{"n":3,"t":"epoch","time":"2026-11-21 23:10:30Z"}""")]
    [InlineData("""{"n":3,"t":"epoch","time":"2026-11-21T3:10:30Z"}""")]
    [InlineData("""{"n":3,"t":"epoch","time":1795302630}""")]
    public void What_is_no_leaf_of_a_log_is_refused(string text) => Should.Throw<FormatException>(() => Read(text));

    [Theory]
    [InlineData("\"end\":false", "\"end\":null")]
    [InlineData("\"end\":false", "\"end\":\"false\"")]
    [InlineData("\"size\":10", "\"size\":-1")]
    [InlineData("\"size\":10", "\"size\":9007199254740992")]
    [InlineData("\"size\":10", "\"size\":1e1")]
    [InlineData("\"size\":10", "\"size\":true")]
    [InlineData("\"size\":10", "\"Size\":10")]
    [InlineData("\"shard\":\"stream/shard\"", "\"shard\":7")]
    [InlineData("\"shard\":\"stream/shard\"", "\"shard\":\"\\ud800\"")]
    [InlineData(Root, "")]
    [InlineData(Root, "JXuwG8wdKykCirMJm3BVtpIY72KI81mepVOK5KTayF5=")]
    [InlineData(Root, "JXuwG8wdKykCirMJm3BVtpIY72KI81mepVOK5KTayA==")]
    public void A_head_with_something_else_in_it_is_refused(string part, string other) =>
        Should.Throw<FormatException>(() => Read(Head.Replace(part, other, StringComparison.Ordinal)));

    [Fact]
    public void A_leaf_is_UTF8() => Should.Throw<FormatException>(() => LogLeaf.Read([.. "{\"n\":3,\"t\":\"epoch\",\"time\":\""u8, 0xFF, .. "\"}"u8]));

    private static string Written(LogLeaf leaf)
    {
        var text = new ArrayBufferWriter<byte>();
        leaf.Write(text, "\"stream/shard\""u8);
        return Encoding.UTF8.GetString(text.WrittenSpan);
    }

    private static LogLeaf Read(string text) => LogLeaf.Read(Encoding.UTF8.GetBytes(text));
}
