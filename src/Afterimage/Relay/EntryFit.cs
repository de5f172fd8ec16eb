using System.IO.Compression;
using System.Text;
using Afterimage.Entries;

namespace Afterimage.Relay;

/// <summary>
/// An entry's text for a target that takes only so many bytes: the whole entry if it fits; else the entry without images and changes and with the
/// whole of it compressed beside; else without as much as it takes, naming what was left out. The reader asks the trail for the rest, by the id.
/// </summary>
internal static class EntryFit
{
    /// <summary>Every entry fits in as many bytes: its key has 3,072 bytes at the most, its table 255 (developer guide, limits), and an escaped byte takes six.</summary>
    public const int BytesMin = 64 * 1024;

    // A text that has lost something ends like nothing that EntryJson writes: there the last member is a number or an object.
    private const byte EndOfCompressed = (byte)'"';
    private const byte EndOfTrimmed = (byte)']';

    /// <summary>The text.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="bytesMax">The most bytes.</param>
    /// <exception cref="ArgumentOutOfRangeException">So few bytes do not hold every entry.</exception>
    public static byte[] Of(AuditEntry entry, int bytesMax)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bytesMax, BytesMin);
        var whole = EntryJson.ToUtf8(entry);
        return whole.Length <= bytesMax ? whole : Candidates(entry, whole).First(text => text.Length <= bytesMax);
    }

    /// <summary>Whether a text that <see cref="Of"/> made is the whole entry.</summary>
    public static bool IsWhole(ReadOnlySpan<byte> text) => text[^2] is not (EndOfCompressed or EndOfTrimmed);

    /// <summary>A text of <see cref="Of"/>, or of the entry itself, with one more member at its end.</summary>
    public static byte[] With(ReadOnlySpan<byte> text, string member) => [.. text[..^1], (byte)',', .. Encoding.UTF8.GetBytes(member), (byte)'}'];

    // Ever less, each made only if the one before is too long.
    private static IEnumerable<byte[]> Candidates(AuditEntry entry, byte[] whole)
    {
        var bare = entry with { OldImage = null, NewImage = null, Changes = null, Unreadable = entry.Unreadable is { } raw ? raw with { Raw = default } : null };
        yield return With(EntryJson.ToUtf8(bare), $"\"compressed\":\"{Convert.ToBase64String(Compress(whole))}\"");

        List<string> trimmed = [.. Names((entry.OldImage, "oldImage"), (entry.NewImage, "newImage"))];
        if (entry.Unreadable is not null)
        {
            trimmed.Add("unreadable.raw");
        }

        yield return Trimmed(bare with { Changes = entry.Changes }, trimmed);

        trimmed.AddRange(Names((entry.Changes, "changes")));
        yield return Trimmed(bare, trimmed);

        // These come from attributes of the item, which may be as long as the item.
        trimmed.AddRange(Names((entry.Entity, "entity"), (entry.Tenant, "tenant")));
        trimmed.Add("actor");
        yield return Trimmed(bare with { Entity = null, Tenant = null, Actor = new Actor(entry.Actor.Source), Unreadable = null }, trimmed);
    }

    private static byte[] Trimmed(AuditEntry entry, IEnumerable<string> names) =>
        With(EntryJson.ToUtf8(entry), $"\"trimmed\":[{string.Join(',', names.Select(name => $"\"{name}\""))}]");

    private static IEnumerable<string> Names(params (object? Value, string Name)[] members) => members.Where(member => member.Value is not null).Select(member => member.Name);

    private static byte[] Compress(byte[] text)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            gzip.Write(text);
        }

        return packed.ToArray();
    }
}
