using Afterimage.Proof;

namespace Afterimage.Tests.Proof;

/// <summary>Every way in which a proof can be wrong, and the step that must notice: what somebody changes in a proof, and what only an operator with the key can bring about.</summary>
internal static class Tamperings
{
    private const string Raw = """{"eid":"q58ack99jxj6fmmjhwevhr8qp4","i":2,"seq":null,"sha256":"Q45rtJSE53yX3X93Kzya4rtFTPXKzoT4scAV03MUGZo=","t":"raw"}""";

    private static readonly SmallTrail Honest = new();

    public static IReadOnlyList<Tampering> All { get; } =
    [
        new("another key of the same name", "SIGNATURE", key => Signed(new SampleKey(2))),
        new("a key of another name", "LOG", key => Signed(new SampleKey(1, "audit.example.com/others"))),
        new("the log's size", "SIGNATURE", key => Proof(key, proof => proof with { Checkpoint = proof.Checkpoint.Replace("\n6\n", "\n7\n", StringComparison.Ordinal) })),
        new("the log's root", "SIGNATURE", key => LineOfAnotherNote(key, 2)),
        new("the signature of another checkpoint", "SIGNATURE", key => LineOfAnotherNote(key, 4)),
        new("no signature", "SIGNATURE", key => Proof(key, proof => proof with { Checkpoint = proof.Checkpoint.Split("\n\n")[0] + "\n\n" })),
        new("another checkpoint of the same log", "HEAD", key => Proof(key, proof => proof with { Checkpoint = key.Note(6, default) })),
        new("a checkpoint of no leaves", "HEAD", key => Proof(key, proof => proof with { Checkpoint = key.Note(0, MerkleTree.EmptyRoot) })),

        new("the shard's name", "HEAD", key => Proof(key, proof => proof with { Head = proof.Head.Replace("Orders", "Others", StringComparison.Ordinal) })),
        new("the shard's size", "HEAD", key => Proof(key, proof => proof with { Head = proof.Head.Replace(":5,", ":9,", StringComparison.Ordinal) })),
        new("the head's place", "HEAD", key => Proof(key, proof => proof with { HeadIndex = 2 })),
        new("a place beyond the log", "HEAD", key => Proof(key, proof => proof with { HeadIndex = 6 })),
        new("a hash of the head's path", "HEAD", key => Proof(key, proof => proof with { HeadPath = [.. proof.HeadPath.Skip(1).Prepend(default)] })),
        new("an epoch in the head's place", "HEAD", key => Proof(key, proof => proof with { Head = proof.Epoch, HeadIndex = 5, HeadPath = proof.EpochPath })),
        new("a head with a name twice", "HEAD", key => (Honest with { Head = Honest.Head.Replace("{", "{\"t\":\"head\",", StringComparison.Ordinal) }).Prove(key)),
        new("a head with another field", "HEAD", key => (Honest with { Head = Honest.Head.Replace("{", "{\"extra\":1,", StringComparison.Ordinal) }).Prove(key)),
        new("a head whose size is too large", "HEAD", key => (Honest with { Head = Honest.Head.Replace(":5,", ":9007199254740992,", StringComparison.Ordinal) }).Prove(key)),

        new("the time of the seal", "EPOCH", key => Proof(key, proof => proof with { Epoch = proof.Epoch.Replace("2026", "2025", StringComparison.Ordinal) })),
        new("a cut path of the epoch", "EPOCH", key => Proof(key, proof => proof with { EpochPath = [.. proof.EpochPath.SkipLast(1)] })),
        new("an epoch that is not the last leaf", "EPOCH", key => Proof(key, proof => proof with { Epoch = """{"n":2,"t":"epoch","time":"2026-11-21T23:10:20Z"}""" })),
        new("a log that ends with a head", "EPOCH", key => (Honest with { Epoch = Honest.Head }).Prove(key)),
        new("an epoch without a time", "EPOCH", key => (Honest with { Epoch = """{"n":3,"t":"epoch","time":"2026-11-31T23:10:30Z"}""" }).Prove(key)),

        new("what was done", "ENTRY", key => Proof(key, proof => proof with { Entry = proof.Entry.Replace("MODIFY", "REMOVE", StringComparison.Ordinal) })),
        new("a space in the leaf", "ENTRY", key => Proof(key, proof => proof with { Entry = proof.Entry.Replace(",", ", ", StringComparison.Ordinal) })),
        new("the entry's place", "ENTRY", key => Proof(key, proof => proof with { Index = 3 })),
        new("a place beyond the shard", "ENTRY", key => Proof(key, proof => proof with { Index = 5 })),
        new("a hash of the path", "ENTRY", key => Proof(key, proof => proof with { Path = [.. proof.Path.Reverse()] })),
        new("a cut path", "ENTRY", key => Proof(key, proof => proof with { Path = [.. proof.Path.SkipLast(1)] })),
        new("a longer path", "ENTRY", key => Proof(key, proof => proof with { Path = [.. proof.Path, default] })),
        new("a head of the tree before the entry", "ENTRY", key => (Honest with { Head = Honest.Head.Replace(":5,", ":2,", StringComparison.Ordinal) }).Prove(key)),
        new("a leaf with a name twice", "ENTRY", key => (Honest with { Leaf = Honest.Leaf.Replace("{", "{\"op\":\"REMOVE\",", StringComparison.Ordinal) }).Prove(key)),
        new("a leaf with a name twice, escaped", "ENTRY", key => (Honest with { Leaf = Honest.Leaf.Replace("{", "{\"\\u006fp\":\"REMOVE\",", StringComparison.Ordinal) }).Prove(key)),
        new("a leaf with another field", "ENTRY", key => (Honest with { Leaf = Honest.Leaf.Replace("{", "{\"actor\":\"bob\",", StringComparison.Ordinal) }).Prove(key)),
        new("a leaf whose time is a text", "ENTRY", key => (Honest with { Leaf = Honest.Leaf.Replace("1795291872", "\"1795291872\"", StringComparison.Ordinal) }).Prove(key)),
        new("a leaf whose sequence number is null", "ENTRY", key => (Honest with { Leaf = Honest.Leaf.Replace("\"49600000000000000005\"", "null", StringComparison.Ordinal) }).Prove(key)),
        new("a leaf with half a surrogate pair", "ENTRY", key => (Honest with { Leaf = Honest.Leaf.Replace("MODIFY", "\\ud83d", StringComparison.Ordinal) }).Prove(key)),
        new("a leaf that is no entry's", "ENTRY", key => (Honest with { Disclosures = [], Leaf = """{"count":1,"ending":null,"i":2,"t":"close"}""" }).Prove(key)),
        new("a leaf that is no object", "ENTRY", key => (Honest with { Disclosures = [], Leaf = "[]" }).Prove(key)),
        new("a leaf that was moved", "INDEX", key => (Honest with { Leaf = Honest.Leaf.Replace(":2,", ":1,", StringComparison.Ordinal) }).Prove(key)),

        new("a value that is shown", "ITEM", key => Proof(key, proof => proof with { Shown = [.. proof.Shown.Select(text => text.Replace("PENDING", "UNKNOWN", StringComparison.Ordinal))] })),
        new("a name that is shown", "ITEM", key => Proof(key, proof => proof with { Shown = [.. proof.Shown.Select(text => text.Replace("status", "state", StringComparison.Ordinal))] })),
        new("a salt", "ITEM", key => Proof(key, proof => proof with { Shown = [.. proof.Shown.Select(text => text.Replace("[\"d", "[\"e", StringComparison.Ordinal))] })),
        new("something shown left out", "ITEM", key => Proof(key, proof => proof with { Shown = [.. proof.Shown.Skip(1)] })),
        new("something hidden left out", "ITEM", key => Proof(key, proof => proof with { Hidden = [.. proof.Hidden.Skip(1)] })),
        new("something hidden more", "ITEM", key => Proof(key, proof => proof with { Hidden = [.. proof.Hidden, default] })),
        new("the same shown again", "ITEM", key => Proof(key, proof => proof with { Shown = [.. proof.Shown, proof.Shown[0]] })),
        new("an attribute that the operator discloses twice", "ITEM", key => Disclosing(key, """["AAAAAAAAAAAAAAAAAAAAAA==","total",{"N":"2"}]""")),
        new("a disclosure with a name twice", "ITEM", key => Disclosing(key, """["AAAAAAAAAAAAAAAAAAAAAA==","a",{"M":{"b":{"N":"1"},"b":{"N":"2"}}}]""")),
        new("a disclosure without a value", "ITEM", key => Disclosing(key, """["AAAAAAAAAAAAAAAAAAAAAA==","a"]""")),
        new("a disclosure of three values", "ITEM", key => Disclosing(key, """["AAAAAAAAAAAAAAAAAAAAAA==","a",null,{"N":"1"},{"N":"2"}]""")),
        new("a disclosure with a short salt", "ITEM", key => Disclosing(key, """["AAAAAAAAAAAAAAAAAAAA","a",{"N":"1"}]""")),
        new("a disclosure whose salt is no base64", "ITEM", key => Disclosing(key, """["AAAAAAAAAAAAAAAAAAAAAB==","a",{"N":"1"}]""")),
        new("a disclosure whose name is none", "ITEM", key => Disclosing(key, """["AAAAAAAAAAAAAAAAAAAAAA==",null,{"N":"1"}]""")),
        new("a disclosure that goes on", "ITEM", key => Disclosing(key, """["AAAAAAAAAAAAAAAAAAAAAA==","a",{"N":"1"}]]""")),
        new("a disclosure that is no number of JSON", "ITEM", key => Disclosing(key, """["AAAAAAAAAAAAAAAAAAAAAA==","a",{"N":NaN}]""")),
        new("a disclosure that is an object", "ITEM", key => Disclosing(key, """{"salt":"AAAAAAAAAAAAAAAAAAAAAA=="}""")),
        new("a disclosure with half a surrogate pair", "ITEM", key => Disclosing(key, """["AAAAAAAAAAAAAAAAAAAAAA==","a",{"S":"\udc00"}]""")),
        new("an unreadable record that shows something", "ITEM", key => (Honest with { Leaf = Raw }).Prove(key)),
        new("an unreadable record that hides something", "ITEM", key => (Honest with { Leaf = Raw, Disclosures = [] }).Prove(key) with { Hidden = [default] }),
    ];

    private static EntryProof Proof(SampleKey key, Func<EntryProof, EntryProof> change) => change(Honest.Prove(key, 0, 2));

    private static EntryProof LineOfAnotherNote(SampleKey key, int line) => Proof(key, proof =>
    {
        var lines = proof.Checkpoint.Split('\n');
        lines[line] = key.Note(1, default).Split('\n')[line];
        return proof with { Checkpoint = string.Join('\n', lines) };
    });

    private static EntryProof Disclosing(SampleKey key, string text) => (Honest with { Disclosures = [.. Honest.Disclosures, text] }).Prove(key);

    private static EntryProof Signed(SampleKey other)
    {
        using (other)
        {
            return Honest.Prove(other);
        }
    }
}

/// <summary>A proof that does not hold.</summary>
/// <param name="What">What is wrong with it.</param>
/// <param name="Step">The step that fails.</param>
/// <param name="Proof">The proof, for the key that it is checked with.</param>
internal sealed record Tampering(string What, string Step, Func<SampleKey, EntryProof> Proof);
