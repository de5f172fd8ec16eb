using System.Buffers;
using System.Text;
using Afterimage.Entries;
using Afterimage.Proof;

namespace Afterimage.Tests.Proof;

/// <summary>A record committed to as a recorder does it: canonical texts from its images, then disclosures, then the leaf.</summary>
internal sealed class CommittedVector
{
    public CommittedVector(Vector vector, EntryCommitment commitment)
    {
        var sequence = Encoding.ASCII.GetBytes(vector.Header.Seq);
        var secret = new byte[ShardSalts.SecretSize];
        using var salts = new ShardSalts(Vectors.ShardKey);
        salts.Derive(sequence, secret);
        var keys = Map(vector.Keys)!;
        Disclose(commitment, secret, vector.Header.Envelope, keys, Map(vector.OldImage), Map(vector.NewImage));

        var text = new ArrayBufferWriter<byte>();
        var eid = EntryId.OfChange(Vectors.Stream, keys, vector.Header.Seq);
        LeafHash = LeafText.WriteEntry(
            text,
            vector.Header.At,
            Encoding.ASCII.GetBytes(eid.Value),
            vector.Header.Index,
            commitment.Item,
            Encoding.ASCII.GetBytes(vector.Header.Op),
            sequence);
        Leaf = Encoding.UTF8.GetString(text.WrittenSpan);
        EntrySaltInHex = Convert.ToHexStringLower(commitment.Secret);
        var ranks = Enumerable.Range(0, commitment.Count).ToList();
        Salts = ranks.ConvertAll(rank => Encoding.ASCII.GetString(commitment.Salt(rank)));
        Texts = ranks.ConvertAll(rank => Encoding.UTF8.GetString(commitment.Text(rank)));
        Digests = ranks.ConvertAll(commitment.Digest);
    }

    public string Leaf { get; }

    public Sha256Hash LeafHash { get; }

    public string EntrySaltInHex { get; }

    public IReadOnlyList<string> Salts { get; }

    public IReadOnlyList<string> Texts { get; }

    public IReadOnlyList<Sha256Hash> Digests { get; }

    public static CommittedVector Of(string name)
    {
        using var commitment = new EntryCommitment();
        return new CommittedVector(Vectors.All.Single(vector => vector.Name == name), commitment);
    }

    public static byte[] Name(string name) => Encoding.UTF8.GetBytes(CanonicalText.Of(name));

    private static void Disclose(
        EntryCommitment commitment, ReadOnlySpan<byte> secret, string envelope, AttributeMap keys, AttributeMap? before, AttributeMap? after)
    {
        commitment.Begin(secret, Encoding.UTF8.GetBytes(envelope));
        string[] names = [.. keys.Concat(before ?? AttributeMap.Empty).Concat(after ?? AttributeMap.Empty).Select(attribute => attribute.Key).Distinct()];
        foreach (var name in names.Order(StringComparer.Ordinal))
        {
            var old = Text(before, name);
            var @new = Text(after, name);
            if (old.Length + @new.Length == 0)
            {
                commitment.AddUnchanged(Name(name), Text(keys, name));
            }
            else
            {
                commitment.Add(Name(name), old, @new);
            }
        }

        commitment.Finish();
    }

    private static byte[] Text(AttributeMap? image, string name) =>
        image is not null && image.TryGetValue(name, out var value) ? Encoding.UTF8.GetBytes(CanonicalText.Of(value)) : [];

    private static AttributeMap? Map(string? json) => json is null ? null : DynamoDbJson.ReadMap(Encoding.UTF8.GetBytes(json));
}
