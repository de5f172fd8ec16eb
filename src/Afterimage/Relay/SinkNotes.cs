using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Afterimage.Entries;
using Afterimage.Proof;
using Afterimage.Trail;

namespace Afterimage.Relay;

/// <summary>What the trail keeps of a sink, as notes in a book of its own: who serves it, how far it was served, and what was set aside.</summary>
internal static class SinkNotes
{
    /// <summary>The book in which all sinks stand that were ever served.</summary>
    public const string Sinks = "sinks";

    /// <summary>Who serves the sink.</summary>
    public const string Lease = "lease";

    /// <summary>That the sink has its cursors: when it began.</summary>
    public const string Begun = "begun";

    /// <summary>How far shards were served.</summary>
    public const string Cursors = "cursor/";

    /// <summary>What was set aside, under its item and in the order of the item's entries.</summary>
    public const string Asides = "aside/";

    /// <summary>Written whenever somebody says what to do with what was set aside.</summary>
    public const string Orders = "orders";

    // Half of a SHA-256 in hex tells items apart.
    private const int ItemDigits = 32;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) } };

    /// <summary>The book of a sink.</summary>
    public static string BookOf(string address) => $"sink {address}";

    /// <summary>The name of a shard's cursor.</summary>
    public static string CursorOf(TrailShard shard) => $"{Cursors}{shard.Stream}/{shard.Progress.Shard}";

    /// <summary>The name of an entry that was set aside: the same one whoever sets it aside, and however often.</summary>
    public static string AsideOf(string item, string order) => $"{AsidesOf(item)}{order}";

    /// <summary>How the names of an item's entries begin that were set aside.</summary>
    public static string AsidesOf(string item) => $"{Asides}{Sha256Hash.Of(System.Text.Encoding.UTF8.GetBytes(item)).ToString()[..ItemDigits]}/";

    /// <summary>How the name of an entry that was set aside begins: the same for all of its item.</summary>
    public static string ItemIn(string aside) => aside[..(Asides.Length + ItemDigits + 1)];

    /// <summary>What order is kept within: an item, or the shard of what belongs to none.</summary>
    public static string ItemOf(AuditEntry entry) => entry.Keys is { } keys ? $"{entry.Table}/{CanonicalText.Of(keys)}" : $"{entry.Stream.Arn}/{entry.ShardId}";

    /// <summary>An entry's place among those of its item: streams follow each other by label, and within one the sequence numbers.</summary>
    public static string OrderOf(AuditEntry entry) => entry.SequenceNumber is { } number && entry.Keys is not null
        ? $"{LabelOf(entry)} {number.TrimStart('0').PadLeft(40, '0')}"
        : $"{LabelOf(entry)} {entry.ShardId} {entry.Index.ToString("D16", CultureInfo.InvariantCulture)}";

    /// <summary>The text of a note.</summary>
    public static string Write<T>(T said) => JsonSerializer.Serialize(said, Json);

    /// <summary>What a note says.</summary>
    /// <exception cref="FormatException">The note says something else.</exception>
    public static T Read<T>(TrailNote note)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(note.Text, Json) ?? throw new FormatException($"The note {note.Name} says nothing.");
        }
        catch (JsonException e)
        {
            throw new FormatException($"The note {note.Name} cannot be read: {e.Message}", e);
        }
    }

    private static string LabelOf(AuditEntry entry) => entry.Stream.Arn[(entry.Stream.Arn.LastIndexOf('/') + 1)..];
}

/// <summary>Who serves a sink: its holder writes it again and again.</summary>
/// <param name="Holder">A name that is no other process's; null as long as nobody does.</param>
internal sealed record LeaseNote(string? Holder);

/// <summary>When a sink began.</summary>
internal sealed record BegunNote(DateTimeOffset At, bool FromBeginning);

/// <summary>How far a shard was served: every entry in places below was sent, set aside, or filtered out.</summary>
internal sealed record CursorNote(long Place);

/// <summary>An entry that was set aside.</summary>
/// <param name="Entry">Its id: the trail holds the rest.</param>
/// <param name="State">Why it is here, or what somebody wants of it.</param>
/// <param name="Table">The table, for whoever reads a list of these.</param>
/// <param name="At">When it was set aside.</param>
internal sealed record AsideNote(string Entry, AsideState State, string Table, DateTimeOffset At)
{
    /// <summary>What the target said of it; null for one that waits.</summary>
    public string? Reason { get; init; }

    /// <summary>How often the target has refused it.</summary>
    public int Refusals { get; init; }
}

/// <summary>Why an entry was set aside, or what somebody wants of it.</summary>
internal enum AsideState
{
    /// <summary>The target refused it as often as it was to be tried.</summary>
    Dead,

    /// <summary>It waits for an earlier one of its item.</summary>
    Waits,

    /// <summary>Somebody wants it to be sent again.</summary>
    Retry,

    /// <summary>Somebody wants it not to be sent.</summary>
    Drop,
}
