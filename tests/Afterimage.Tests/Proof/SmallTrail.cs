using System.Text;
using Afterimage.Proof;

namespace Afterimage.Tests.Proof;

/// <summary>
/// A sealed trail of which a test chooses every text, so that it can sign what a recorder never writes. Its shard has five leaves, the one that is proven
/// third; its log six, the shard's head fourth.
/// </summary>
internal sealed record SmallTrail
{
    public const string Shard = "arn:aws:dynamodb:us-west-2:123456789012:table/Orders/stream/2026-11-21T20:00:00.000/shardId-00000001795291200000-1a2b3c4d";
    public const int Index = 2;
    public const int HeadIndex = 3;

    private static readonly string[] Order =
    [
        """["GgXqMhvwJ9GUYl93BOmq5A==","",{"view":"NEW_AND_OLD_IMAGES"}]""",
        """["uR8nqCVAz9MznEOtvbWCTQ==","order_id",{"N":"123"}]""",
        """["dRoaLFdqpp/s6ZlE+EFWFA==","status",{"S":"PENDING"},{"S":"SHIPPED"}]""",
        """["iUOFoJ1dFez69pzh09VqfA==","total",null,{"N":"1.10"}]""",
    ];

    /// <summary>What the entry discloses.</summary>
    public IReadOnlyList<string> Disclosures { get; init; } = Order;

    /// <summary>The leaf, in which %ITEM% stands for the hash over the disclosures.</summary>
    public string Leaf { get; init; } = """{"at":1795291872,"eid":"q58ack99jxj6fmmjhwevhr8qp4","i":2,"item":"%ITEM%","op":"MODIFY","seq":"49600000000000000005","t":"entry"}""";

    /// <summary>The shard's head, in which %ROOT% stands for the root of its tree.</summary>
    public string Head { get; init; } = $$"""{"end":false,"root":"%ROOT%","shard":"{{Shard}}","size":5,"t":"head"}""";

    /// <summary>The log's last leaf.</summary>
    public string Epoch { get; init; } = """{"n":3,"t":"epoch","time":"2026-11-21T23:10:30Z"}""";

    /// <summary>The hashes of the disclosures.</summary>
    public IReadOnlyList<Sha256Hash> Digests => [.. Disclosures.Select(text => Sha256Hash.Of(Encoding.UTF8.GetBytes(text)))];

    /// <summary>The proof of the leaf, with every disclosure shown.</summary>
    public EntryProof Prove(SampleKey key) => Prove(key, [.. Enumerable.Range(0, Disclosures.Count)]);

    /// <summary>The proof of the leaf, with these disclosures shown.</summary>
    public EntryProof Prove(SampleKey key, params int[] shown)
    {
        string[] shard = ["""{"t":"open"}""", "a", Leaf.Replace("%ITEM%", EntryItem.Of([.. Digests]).ToBase64(), StringComparison.Ordinal), "b", "c"];
        var root = Root(shard).ToBase64();
        string[] log =
        [
            Head.Replace(":5,", ":1,", StringComparison.Ordinal), """{"n":2,"t":"epoch","time":"2026-11-21T23:10:20Z"}""", "other",
            Head.Replace("%ROOT%", root, StringComparison.Ordinal), "another", Epoch,
        ];
        return Of(key, shard, Index, log, HeadIndex) with
        {
            Shown = [.. shown.Select(at => Disclosures[at])],
            Hidden = [.. Enumerable.Range(0, Disclosures.Count).Except(shown).Select(at => Digests[at])],
        };
    }

    /// <summary>The proof of a leaf that discloses nothing, by the texts of its shard and of the log.</summary>
    public static EntryProof Of(SampleKey key, IReadOnlyList<string> shard, int index, IReadOnlyList<string> log, int headIndex) => new()
    {
        Entry = shard[index],
        Shown = [],
        Hidden = [],
        Index = index,
        Path = TreeProof.Inclusion(Hashes(shard), index),
        Head = log[headIndex],
        HeadIndex = headIndex,
        HeadPath = TreeProof.Inclusion(Hashes(log), headIndex),
        Epoch = log[^1],
        EpochPath = TreeProof.Inclusion(Hashes(log), log.Count - 1),
        Checkpoint = key.Note(log.Count, Root(log)),
    };

    /// <summary>The root over these texts.</summary>
    public static Sha256Hash Root(IReadOnlyList<string> leaves) => TreeState.Empty.Append(Hashes(leaves)).Root();

    private static Sha256Hash[] Hashes(IReadOnlyList<string> leaves) => [.. leaves.Select(leaf => MerkleTree.Leaf(Encoding.UTF8.GetBytes(leaf)))];
}
