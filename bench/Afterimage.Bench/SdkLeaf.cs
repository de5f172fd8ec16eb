using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Afterimage.Bench;

/// <summary>The leaf of an entry as a program on the SDK would make it: text by a serialiser, hashes by the one-shot calls of .NET.</summary>
internal static class SdkLeaf
{
    private static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The leaf's text.</summary>
    public static string Make(SdkRecord record, string arn, long index, byte[] shardKey)
    {
        var secret = HMACSHA256.HashData(shardKey, Encoding.UTF8.GetBytes("afterimage/salt/1\n" + record.SequenceNumber));
        var (old, @new) = (record.OldImage!, record.NewImage!);
        List<string> names = ["", .. old.Keys.Union(@new.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        var salts = Salts(secret, names.Count);
        var digests = new List<byte[]>(names.Count) { Digest(salts[0], string.Empty, Envelope(record)) };
        for (var rank = 1; rank < names.Count; rank++)
        {
            var before = Text(old.GetValueOrDefault(names[rank]));
            var after = Text(@new.GetValueOrDefault(names[rank]));
            digests.Add(before == after ? Digest(salts[rank], names[rank], before) : Digest(salts[rank], names[rank], $"{before},{after}"));
        }

        digests.Sort((left, right) => left.AsSpan().SequenceCompareTo(right));
        var item = SHA256.HashData([2, .. digests.SelectMany(digest => digest)]);
        return string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"at":{{record.Seconds}},"eid":"{{SdkEntry.Id(record, arn)}}","i":{{index}},"item":"{{Convert.ToBase64String(item)}}","op":"{{record.EventName}}","seq":"{{record.SequenceNumber}}","t":"entry"}""");
    }

    private static List<string> Salts(byte[] secret, int count)
    {
        using var aes = Aes.Create();
        aes.Key = secret;
        var ranks = new byte[16 * count];
        for (var rank = 0; rank < count; rank++)
        {
            BinaryPrimitives.WriteInt32BigEndian(ranks.AsSpan((16 * rank) + 12), rank);
        }

        var blocks = aes.EncryptEcb(ranks, PaddingMode.None);
        return [.. Enumerable.Range(0, count).Select(rank => Convert.ToBase64String(blocks, 16 * rank, 16))];
    }

    private static byte[] Digest(string salt, string name, string value) =>
        SHA256.HashData(Encoding.UTF8.GetBytes($"[\"{salt}\",{JsonSerializer.Serialize(name, Options)},{value}]"));

    private static string Text(Amazon.DynamoDBv2.Model.AttributeValue? value) => value is null ? "null" : JsonSerializer.Serialize(SdkEntry.Plain(value), Options);

    private static string Envelope(SdkRecord record) => JsonSerializer.Serialize(
        new { eventId = record.EventId, eventVersion = record.EventVersion, region = record.Region, sizeBytes = record.SizeBytes, view = record.View }, Options);
}
