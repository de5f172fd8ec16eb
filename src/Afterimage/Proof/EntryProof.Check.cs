using System.Text;

namespace Afterimage.Proof;

/// <content>The check, in the order in which each step rests on the one before.</content>
public sealed partial record EntryProof
{
    /// <summary>Whether the proof holds, by nothing but itself and a key that was got elsewhere.</summary>
    /// <param name="key">The trail's verifier key. One that came with the proof would prove nothing.</param>
    public ProofVerdict Check(VerifierKey key)
    {
        var step = "SIGNATURE";
        try
        {
            var note = SignedCheckpoint.Read(Encoding.UTF8.GetBytes(Checkpoint));
            var log = note.Checkpoint;
            step = "LOG";
            Demand(log.Origin == key.Name, $"The checkpoint is of '{log.Origin}', and the key of '{key.Name}'.");
            step = "SIGNATURE";
            Demand(note.IsSignedBy(key), "The key did not sign the checkpoint.");

            step = "HEAD";
            var head = Logged<LogLeaf.Head>(Head, HeadIndex, HeadPath, log);
            step = "EPOCH";
            var epoch = Logged<LogLeaf.Epoch>(Epoch, log.Size - 1, EpochPath, log);

            step = "ENTRY";
            Demand(Fold(Entry, Index, head.Size, Path) == head.Root, "The entry does not lead to the root of its shard.");
            var entry = ProvenEntry.Read(Entry);
            step = "INDEX";
            Demand(entry.Index == Index, $"The entry says that its place is {entry.Index}, and it stands at {Index}.");

            step = "ITEM";
            return new ProofVerdict.Proven(entry, Disclosed(entry), Hidden.Count, head.Shard, epoch.Time, log);
        }
        catch (FormatException e)
        {
            return new ProofVerdict.Refuted(step, e.Message);
        }
    }

    private static T Logged<T>(string text, long index, IReadOnlyList<Sha256Hash> path, Checkpoint log)
        where T : LogLeaf
    {
        Demand(Fold(text, index, log.Size, path) == log.Root, "The leaf does not lead to the root that is signed.");
        return LogLeaf.Read(Encoding.UTF8.GetBytes(text)) as T ?? throw new FormatException("The leaf that stands there in the log is of the other kind.");
    }

    private static Sha256Hash Fold(string text, long index, long size, IReadOnlyList<Sha256Hash> path) =>
        TreeProof.Fold(MerkleTree.Leaf(Encoding.UTF8.GetBytes(text)), index, size, path);

    private static void Demand(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new FormatException(otherwise);
        }
    }

    private List<ShownDisclosure> Disclosed(ProvenEntry entry)
    {
        if (entry.Item is null)
        {
            Demand(Shown.Count + Hidden.Count == 0, $"An entry of kind '{entry.Kind}' discloses nothing.");
            return [];
        }

        var digests = Shown.Select(text => Sha256Hash.Of(Encoding.UTF8.GetBytes(text))).Concat(Hidden);
        Demand(EntryItem.Of([.. digests]).ToBase64() == entry.Item, "What is shown and hidden is not what the entry was made of.");
        List<ShownDisclosure> disclosed = [.. Shown.Select(ShownDisclosure.Read)];
        Demand(disclosed.DistinctBy(shown => shown.Name).Count() == disclosed.Count, "Something is shown twice.");
        return disclosed;
    }
}
