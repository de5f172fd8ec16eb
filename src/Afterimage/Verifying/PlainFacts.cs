using System.Text;
using Afterimage.Entries;
using Afterimage.Entries.Raw;
using Afterimage.Proof;
using Afterimage.Streams.Records;
using Afterimage.Trail;
using Afterimage.Trail.Bodies;

namespace Afterimage.Verifying;

/// <summary>
/// What entries are kept by in tables of which nothing is configured to be read from attributes: it follows from the key and the record alone, without the record being
/// written anew. Not for two threads.
/// </summary>
internal sealed class PlainFacts
{
    private static readonly byte[] Replicated = Encoding.UTF8.GetBytes(CanonicalText.Of(Replication.Region));

    private readonly ByteBuffer hashed = new();
    private readonly byte[] stamp;
    private readonly int prefix;

    public PlainFacts(StreamArn stream, TableRules rules)
    {
        stamp = Encoding.UTF8.GetBytes(CanonicalText.Of(rules.Stamp));
        hashed.Append(Encoding.UTF8.GetBytes(stream.Value));
        hashed.Append((byte)'\n');
        prefix = hashed.Length;
    }

    /// <summary>Whether this is enough for a table with these rules.</summary>
    public static bool AreEnough(TableRules rules) => rules is { Actor: null, Entity: null, Tenant: null };

    /// <summary>What the entry would be kept by; null where DynamoDB or a stamp may say who made the change, or the leaf is of no change that is known.</summary>
    public CommittedEntry? Read(ShardLeaf leaf, StoredBody body)
    {
        if (body.Envelope.Span.IndexOf("userIdentity"u8) >= 0 || leaf.Op is not ("MODIFY" or "INSERT" or "REMOVE") || Bears(body))
        {
            return null;
        }

        hashed.Truncate(prefix);
        RecordText.AppendItem(hashed, body.Each, BodyAttribute.Key);
        var keys = hashed.Written[prefix..].ToArray();
        hashed.Append((byte)'\n');
        var number = new SequenceNumber(leaf.Seq!);
        Encoding.ASCII.GetBytes(number.Digits, hashed.Take(number.Digits.Length));
        Span<byte> id = stackalloc byte[RawId.Size];
        RawId.Hash(hashed.Written, id);
        Span<byte> text = stackalloc byte[EntryId.Length];
        RawId.Write(id, text);
        return new CommittedEntry
        {
            Id = new EntryId(Ascii.Equals(text, leaf.EntryId) ? leaf.EntryId! : Encoding.ASCII.GetString(text)),
            Time = DateTimeOffset.FromUnixTimeSeconds(leaf.At),
            Action = EntryWords.ReadAction(leaf.Op),
            Keys = keys,
            SequenceNumber = number,
            Body = default,
        };
    }

    private bool Bears(StoredBody body)
    {
        foreach (ref readonly var attribute in body.Each)
        {
            if (attribute.Name.Span.SequenceEqual(stamp) || attribute.Name.Span.SequenceEqual(Replicated))
            {
                return true;
            }
        }

        return false;
    }
}
