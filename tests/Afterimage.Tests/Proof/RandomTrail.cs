using System.Buffers;
using System.Globalization;
using System.Text;
using Afterimage.Entries;
using Afterimage.Proof;
using Afterimage.Tests.Support;

namespace Afterimage.Tests.Proof;

/// <summary>A trail of a few shards with random entries that was sealed several times, made with the code that a recorder and a sealer use.</summary>
internal sealed class RandomTrail
{
    private readonly RandomItems items;
    private readonly SampleKey key;
    private readonly List<List<(string Leaf, IReadOnlyList<string> Disclosures)>> shards = [];
    private readonly List<(string Leaf, int Shard, int Size)> log = [];
    private readonly List<int> seals = [];

    public RandomTrail(RandomItems items, SampleKey key, int size)
    {
        (this.items, this.key) = (items, key);
        using var commitment = new EntryCommitment();
        for (var seal = 1; seal <= 1 + items.Below(4); seal++)
        {
            shards.Add([("""{"t":"open"}""", [])]);
            for (var shard = 0; shard < shards.Count; shard++)
            {
                var before = shards[shard].Count;
                for (var left = shard == seal - 1 ? 1 + items.Below(size) : items.Below(size); left > 0; left--)
                {
                    shards[shard].Add(Entry(commitment, shards[shard].Count, size));
                }

                if (shards[shard].Count > before)
                {
                    log.Add((Head(shard), shard, shards[shard].Count));
                }
            }

            log.Add((Text(into => new LogLeaf.Epoch(seal, DateTimeOffset.UnixEpoch.AddSeconds(1_795_300_000 + items.Below(100_000))).Write(into, default)), -1, 0));
            seals.Add(log.Count);
        }
    }

    /// <summary>The proof of a random entry by a random seal, with a random part shown.</summary>
    public EntryProof Prove()
    {
        var sealedLog = log[..seals[items.Below(seals.Count)]];
        List<int> heads = [.. Enumerable.Range(0, sealedLog.Count).Where(at => sealedLog[at].Shard >= 0)];
        var head = heads[items.Below(heads.Count)];
        var shard = shards[sealedLog[head].Shard][..sealedLog[head].Size];
        var index = 1 + items.Below(shard.Count - 1);
        var isShown = shard[index].Disclosures.ToLookup(_ => items.Below(2) == 0);
        return SmallTrail.Of(key, [.. shard.Select(each => each.Leaf)], index, [.. sealedLog.Select(each => each.Leaf)], head) with
        {
            Shown = [.. isShown[true]],
            Hidden = [.. isShown[false].Select(text => Sha256Hash.Of(Encoding.UTF8.GetBytes(text)))],
        };
    }

    private static string Text(Action<ArrayBufferWriter<byte>> write)
    {
        var into = new ArrayBufferWriter<byte>();
        write(into);
        return Encoding.UTF8.GetString(into.WrittenSpan);
    }

    private static byte[] Canonical(AttributeMap image, string name) => image.TryGetValue(name, out var value) ? Encoding.UTF8.GetBytes(CanonicalText.Of(value)) : [];

    private string Head(int shard)
    {
        var state = TreeState.Empty.Append([.. shards[shard].Select(each => MerkleTree.Leaf(Encoding.UTF8.GetBytes(each.Leaf)))]);
        var name = $"{items.Text()}/shardId-{shard}";
        return Text(into => new LogLeaf.Head(name, state.Size, state.Root(), items.Below(2) == 0).Write(into, Encoding.UTF8.GetBytes(CanonicalText.Of(name))));
    }

    private (string Leaf, IReadOnlyList<string> Disclosures) Entry(EntryCommitment commitment, int index, int size)
    {
        var seq = Encoding.ASCII.GetBytes(items.Below(int.MaxValue).ToString(CultureInfo.InvariantCulture));
        switch (items.Below(8))
        {
            case 0:
                return (Text(into => LeafText.WriteRaw(into, "q5"u8, index, items.Below(2) == 0 ? seq : [], Sha256Hash.Of(seq))), []);
            case 1:
                return (Text(into => LeafText.WriteGap(into, 1, "q5"u8, index, new GapText { Cause = "trimmed"u8, Certainty = "certain"u8, Last = seq })), []);
            case 2:
                return (Text(into => LeafText.WriteLifecycle(into, 1, "q5"u8, "begin"u8, "LATEST"u8, index)), []);
            default:
                Commit(commitment, size);
                var texts = Enumerable.Range(0, commitment.Count).Select(rank => Encoding.UTF8.GetString(commitment.Text(rank))).ToList();
                return (Text(into => LeafText.WriteEntry(into, items.Below(int.MaxValue), "q5"u8, index, commitment.Item, "MODIFY"u8, seq)), texts);
        }
    }

    private void Commit(EntryCommitment commitment, int size)
    {
        var before = items.Item(size);
        var after = items.Changed(before, 4);
        commitment.Begin(new byte[ShardSalts.SecretSize], """{"view":"NEW_AND_OLD_IMAGES"}"""u8);
        foreach (var name in before.Keys.Union(after.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            commitment.Add(Encoding.UTF8.GetBytes(CanonicalText.Of(name)), Canonical(before, name), Canonical(after, name));
        }

        commitment.Finish();
    }
}
