using System.Security.Cryptography;
using System.Text;
using Afterimage.Entries;

namespace Afterimage.Relay.Sinks;

/// <summary>What SNS and SQS want of a message besides its text.</summary>
internal static class MessageAttributes
{
    /// <summary>The most that names, types and values of all attributes take together, in bytes: they count as part of the message.</summary>
    public const int BytesMax = 1_536;

    /// <summary>The limits of both: ten messages and 256 KB in a call, and in a message (quotas of SNS and SQS).</summary>
    public static SinkLimits Takes { get; } = new(10, 262_144, 262_144 - BytesMax) { EntryOverhead = BytesMax, TakesSome = true, CallsAtOnce = 4 };

    // Longer ones are nothing that anybody filters by.
    private const int ValueMax = 256;

    /// <summary>What subscriptions filter by. A value that is missing, empty, too long, or of characters that neither takes, is left out: the text has it.</summary>
    public static IEnumerable<(string Name, string Value)> Of(AuditEntry entry)
    {
        (string Name, string? Value)[] all =
        [
            ("table", entry.Table),
            ("kind", EntryWords.Of(entry.Kind)),
            ("action", entry.Action is { } action ? EntryWords.Of(action) : null),
            ("entity", entry.Entity),
            ("tenant", entry.Tenant),
            ("actor", entry.Actor.Id),
        ];
        return all.Where(one => IsValue(one.Value)).Select(one => (one.Name, one.Value!));
    }

    /// <summary>The group within which a FIFO keeps order: the item. Groups have 128 characters of few kinds, keys have more of any, so it is a hash.</summary>
    public static string GroupOf(OutgoingEntry outgoing) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(outgoing.Item)));

    // The characters of XML 1.0 (API reference, SendMessage and Publish).
    private static bool IsValue(string? value) => value is { Length: > 0 } && Encoding.UTF8.GetByteCount(value) <= ValueMax
        && value.All(c => c is '\t' or '\n' or '\r' or (>= ' ' and < '\ufffe'));
}
