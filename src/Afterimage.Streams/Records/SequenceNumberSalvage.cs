using System.Text;

namespace Afterimage.Streams.Records;

/// <summary>Finds the place of a record whose JSON text cannot be read, so that its shard can go on behind it.</summary>
internal static class SequenceNumberSalvage
{
    /// <summary>The sequence number of a record of which nothing else may be readable; null where there is none or more than one.</summary>
    public static SequenceNumber? From(ReadOnlySpan<byte> raw)
    {
        // As bytes, since the text may be torn anywhere. Within a value's text the quotes would be escaped, and an attribute of
        // this name would have an object for its value, so what matches is the member itself.
        SequenceNumber? found = null;
        for (var rest = raw; rest.IndexOf("\"SequenceNumber\""u8) is >= 0 and var at;)
        {
            rest = rest[(at + "\"SequenceNumber\"".Length)..];
            if (QuotedDigits(rest) is not { } text)
            {
                continue;
            }

            var number = new SequenceNumber(text);
            if (found is { } other && other != number)
            {
                return null;
            }

            found = number;
        }

        return found;
    }

    private static string? QuotedDigits(ReadOnlySpan<byte> afterName)
    {
        var value = afterName.TrimStart(" \t\r\n"u8);
        if (!value.StartsWith(":"u8))
        {
            return null;
        }

        value = value[1..].TrimStart(" \t\r\n"u8);
        if (!value.StartsWith("\""u8))
        {
            return null;
        }

        value = value[1..];
        var length = value.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        return length is > 0 and <= SequenceNumber.DigitsMax && value[length] == '"' ? Encoding.ASCII.GetString(value[..length]) : null;
    }
}
