namespace Afterimage.Proof;

/// <summary>What came of checking a proof.</summary>
public abstract record ProofVerdict
{
    private ProofVerdict()
    {
    }

    /// <summary>The proof holds: whoever holds the trail's key committed to this when the log was sealed, and cannot take it back.</summary>
    /// <param name="Entry">What the entry's leaf says.</param>
    /// <param name="Shown">What is shown of what it commits to: the record's envelope and attributes.</param>
    /// <param name="Hidden">How many more disclosures it commits to, of which only the digests were given.</param>
    /// <param name="Shard">The shard it stands in, which names the table: <c>STREAM/SHARD</c>, or a shard that belongs to no stream.</param>
    /// <param name="SealedAt">When the log was sealed, as the sealer says.</param>
    /// <param name="Checkpoint">The checkpoint that is signed: the trail's name, the log's size and root.</param>
    public sealed record Proven(
        ProvenEntry Entry, IReadOnlyList<ShownDisclosure> Shown, int Hidden, string Shard, DateTimeOffset SealedAt, Checkpoint Checkpoint) : ProofVerdict;

    /// <summary>The proof does not hold, and nothing it says is proven.</summary>
    /// <param name="Step">
    /// Where it fails: <c>SIGNATURE</c>, <c>LOG</c> (of another trail than the key), <c>HEAD</c>, <c>EPOCH</c>, <c>ENTRY</c>, <c>INDEX</c> or <c>ITEM</c>.
    /// </param>
    /// <param name="Why">A sentence.</param>
    public sealed record Refuted(string Step, string Why) : ProofVerdict;
}
