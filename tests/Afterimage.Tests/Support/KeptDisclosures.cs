using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Afterimage.Proof;
using Afterimage.Trail.Bodies;

namespace Afterimage.Tests.Support;

/// <summary>The hash over what an entry discloses, worked out from what is kept of it as docs/format.md says, without the code that made it.</summary>
internal static class KeptDisclosures
{
    public static Sha256Hash Item(ReadOnlyMemory<byte> body)
    {
        var stored = StoredBody.Read(body);
        var digests = new List<byte[]> { Digest($"[\"{Salt(stored, stored.Salt, 0)}\",\"\",{Text(stored.Envelope)}]") };
        for (var at = 0; at < stored.Attributes.Count; at++)
        {
            var attribute = stored.Attributes[at];
            digests.Add(attribute.Is(BodyAttribute.Hidden) ? attribute.Digest.ToArray() : Digest(Disclosure(attribute, Salt(stored, attribute.Salt, at + 1))));
        }

        digests.Sort((left, right) => left.AsSpan().SequenceCompareTo(right));
        return Sha256Hash.Read(SHA256.HashData([2, .. digests.SelectMany(digest => digest)]));
    }

    private static string Disclosure(StoredAttribute attribute, string salt) => attribute.Is(BodyAttribute.Same)
        ? $"[\"{salt}\",{Text(attribute.Name)},{Text(attribute.Before)}]"
        : $"[\"{salt}\",{Text(attribute.Name)},{Value(attribute, BodyAttribute.Before, attribute.Before)},{Value(attribute, BodyAttribute.After, attribute.After)}]";

    private static string Value(StoredAttribute attribute, BodyAttribute place, ReadOnlyMemory<byte> value) => attribute.Is(place) ? Text(value) : "null";

    private static string Salt(StoredBody stored, ReadOnlyMemory<byte> own, int rank)
    {
        if (stored.Secret.IsEmpty)
        {
            return Text(own);
        }

        using var aes = Aes.Create();
        aes.Key = stored.Secret.ToArray();
        var block = new byte[16];
        BinaryPrimitives.WriteInt32BigEndian(block.AsSpan(12), rank);
        return Convert.ToBase64String(aes.EncryptEcb(block, PaddingMode.None));
    }

    private static byte[] Digest(string disclosure) => SHA256.HashData(Encoding.UTF8.GetBytes(disclosure));

    private static string Text(ReadOnlyMemory<byte> utf8) => Encoding.UTF8.GetString(utf8.Span);
}
