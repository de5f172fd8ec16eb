using Afterimage.Entries;

namespace Afterimage.Trail.Bodies;

/// <summary>Entries that keep a record nobody could read. Why it could not be is found out again each time, and not taken from what is kept.</summary>
internal static class UnreadableText
{
    /// <summary>The entry's JSON, with the reason as it is found now, and the place that it has now.</summary>
    public static ReadOnlyMemory<byte> Explained(ReadOnlyMemory<byte> json, long index)
    {
        var entry = EntryJson.Read(json) with { Index = index };
        return EntryJson.ToUtf8(entry.Unreadable is { } unreadable ? entry with { Unreadable = unreadable with { Reason = Reason(unreadable.Raw) } } : entry);
    }

    private static string Reason(ReadOnlyMemory<byte> raw)
    {
        try
        {
            _ = RecordValues.Read(raw);
            return "It was unreadable to the version of Afterimage that kept it.";
        }
        catch (FormatException e)
        {
            return e.Message;
        }
    }
}
