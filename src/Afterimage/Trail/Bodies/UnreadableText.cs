using Afterimage.Entries;

namespace Afterimage.Trail.Bodies;

/// <summary>Entries that keep a record nobody could read. Why it could not be is found out again each time, and not taken from what is kept.</summary>
internal static class UnreadableText
{
    /// <summary>The entry's JSON, with the reason as it is found now.</summary>
    public static ReadOnlyMemory<byte> Explained(ReadOnlyMemory<byte> json)
    {
        var entry = EntryJson.Read(json);
        return entry.Unreadable is { } unreadable ? EntryJson.ToUtf8(entry with { Unreadable = unreadable with { Reason = Reason(unreadable.Raw) } }) : json;
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
