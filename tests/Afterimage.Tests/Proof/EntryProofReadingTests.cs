using System.Text;
using System.Text.Json.Nodes;
using Afterimage.Proof;

namespace Afterimage.Tests.Proof;

public sealed class EntryProofReadingTests
{
    private const string Hash = "Q45rtJSE53yX3X93Kzya4rtFTPXKzoT4scAV03MUGZo=";

    private static readonly byte[] Whole = Make();

    public static TheoryData<string> Names { get; } = new(JsonNode.Parse(Whole)!.AsObject().Select(member => member.Key));

    [Fact]
    public void A_proof_is_read_back_as_it_was_written_and_a_person_can_read_it_too()
    {
        EntryProof.Read(Whole).ToUtf8().ShouldBe(Whole);

        Encoding.UTF8.GetString(Whole).ShouldStartWith("{\n  \"format\": \"afterimage-proof/1\",\n  \"entry\": \"{\\\"at\\\":1795291872,");
    }

    [Fact]
    public void Texts_that_no_encoder_of_JSON_leaves_alone_are_read_back_as_they_were()
    {
        const string Text = "\0\t\n\"\\/<&>é\u007f\u0085\u2028\ue000😀";
        var proof = EntryProof.Read(Whole) with { Shown = [Text], Checkpoint = Text };

        var read = EntryProof.Read(proof.ToUtf8());

        read.Shown.ShouldBe([Text]);
        read.Checkpoint.ShouldBe(Text);
    }

    [Fact]
    public void A_proof_that_is_cut_short_is_refused_at_every_length()
    {
        for (var length = 0; length < Whole.Length; length++)
        {
            Should.Throw<FormatException>(() => EntryProof.Read(Whole.AsMemory(0, length)), $"{length} bytes").Message.ShouldStartWith("Not a proof of an entry: ");
        }
    }

    [Theory]
    [InlineData("x")]
    [InlineData("{}")]
    [InlineData("\0")]
    [InlineData(",")]
    public void What_goes_on_behind_a_proof_is_refused(string more) => Refused(Encoding.UTF8.GetString(Whole) + more);

    [Fact]
    public void Bytes_that_are_not_UTF8_and_byte_order_marks_are_refused()
    {
        Should.Throw<FormatException>(() => EntryProof.Read(new byte[] { 0xEF, 0xBB, 0xBF }.Concat(Whole).ToArray()));
        Should.Throw<FormatException>(() => EntryProof.Read(Encoding.Unicode.GetBytes(Encoding.UTF8.GetString(Whole))));
        foreach (var at in Enumerable.Range(0, Whole.Length))
        {
            var bytes = Whole.ToArray();
            bytes[at] = 0xFF;
            Should.Throw<FormatException>(() => EntryProof.Read(bytes));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_name_that_is_missing_double_or_written_otherwise_is_refused(string name)
    {
        var text = Encoding.UTF8.GetString(Whole);
        var json = JsonNode.Parse(Whole)!.AsObject();
        var value = json[name]!.ToJsonString();
        json.Remove(name);

        Refused(json.ToJsonString()).ShouldContain($"'{name}' is missing");
        Refused($"{{\"{name}\":{value},{text[1..]}");
        Refused($"{{\"\\u{(int)name[0]:x4}{name[1..]}\":{value},{text[1..]}");
        Refused(text.Replace($"\"{name}\": ", $"\"{name.ToUpperInvariant()}\": ", StringComparison.Ordinal));
        Refused($"{{\"{name}2\":{value},{text[1..]}").ShouldContain($"'{name}2' is not known");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_member_of_another_kind_is_refused(string name)
    {
        foreach (var value in new[] { "null", "true", "{}", "[[]]", "[1]", "[null]", "-1", "1.0", "1e0", "9007199254740992", "99999999999999999999" })
        {
            Refused(With(name, value));
        }

        Refused(With(name, name is "index" or "headIndex" ? "\"1\"" : "1"));
        Refused(With(name, """{"a":1,"a":1}"""));
        Refused(With(name, "\"\\ud800\""));
    }

    [Theory]
    [InlineData("\"AA==\"")]
    [InlineData("\"\"")]
    [InlineData("\"Q45rtJSE53yX3X93Kzya4rtFTPXKzoT4scAV03MUGZp=\"")]
    [InlineData("\"Q45rtJSE53yX3X93Kzya4rtFTPXKzoT4scAV03MUGZo\"")]
    [InlineData("\" Q45rtJSE53yX3X93Kzya4rtFTPXKzoT4scAV03MUGZo=\"")]
    [InlineData("\"Q45rtJSE53yX3X93Kzya4rtFTPXKzoT4scAV03MUGZo=\\n\"")]
    [InlineData("\"Q45rtJSE53yX3X93Kzya4rtFTPXKzoT4scAV03MUG-_=\"")]
    public void A_hash_that_is_not_32_bytes_in_the_one_base64_is_refused(string hash)
    {
        foreach (var name in new[] { "hidden", "path", "headPath", "epochPath" })
        {
            Refused(With(name, $"[\"{Hash}\",{hash}]"));
        }
    }

    [Fact]
    public void A_path_is_no_longer_than_the_largest_tree_is_high()
    {
        foreach (var name in new[] { "path", "headPath", "epochPath" })
        {
            EntryProof.Read(Encoding.UTF8.GetBytes(With(name, Hashes(53))));
            Refused(With(name, Hashes(54))).ShouldContain($"'{name}' has 54 hashes");
        }

        EntryProof.Read(Encoding.UTF8.GetBytes(With("hidden", Hashes(54))));
    }

    [Fact]
    public void A_proof_of_another_format_is_refused() => Refused(With("format", "\"afterimage-proof/2\"")).ShouldContain("'afterimage-proof/2'");

    [Fact]
    public void JSON_that_is_nested_too_deeply_is_refused() => Refused(string.Concat(Enumerable.Repeat("[", 100_000)));

    private static string Hashes(int count) => $"[{string.Join(',', Enumerable.Repeat($"\"{Hash}\"", count))}]";

    private static string With(string name, string value)
    {
        var members = JsonNode.Parse(Whole)!.AsObject().Select(member => $"\"{member.Key}\":{(member.Key == name ? value : member.Value!.ToJsonString())}");
        return $"{{{string.Join(',', members)}}}";
    }

    private static string Refused(string text) => Should.Throw<FormatException>(() => EntryProof.Read(Encoding.UTF8.GetBytes(text)), text).Message;

    private static byte[] Make()
    {
        using var key = new SampleKey();
        return new SmallTrail().Prove(key, 0, 2).ToUtf8();
    }
}
