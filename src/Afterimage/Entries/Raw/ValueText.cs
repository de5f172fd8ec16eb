using System.Buffers;
using System.Text.Encodings.Web;
using Afterimage.Streams.Records.Tape;

namespace Afterimage.Entries.Raw;

/// <summary>The two ways in which values are written.</summary>
internal enum TextForm
{
    /// <summary>As in the JSON of entries: escapes as System.Text.Json's writer makes them.</summary>
    Entry,

    /// <summary>As it is hashed: escapes for controls, quotes and backslashes alone.</summary>
    Canonical,
}

/// <summary>Writes the values of a tape, the elements of sets sorted. What is written as it was delivered is copied in one piece.</summary>
internal static class ValueText
{
    private static readonly SearchValues<byte> Escaped = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Select(value => (byte)value), (byte)'"', (byte)'\\']);

    /// <summary>Writes an item, or null.</summary>
    /// <param name="target">Where to.</param>
    /// <param name="tape">The record.</param>
    /// <param name="item">The item's node; -1 for null.</param>
    /// <param name="form">How.</param>
    public static void AppendItem(this ByteBuffer target, RecordTape tape, int item, TextForm form)
    {
        if (item < 0)
        {
            target.Append("null"u8);
        }
        else if (tape.Nodes[item].IsCanonical)
        {
            target.Append(tape.Raw(item));
        }
        else
        {
            AppendMembers(target, tape, item, form);
        }
    }

    /// <summary>Writes a value.</summary>
    public static void AppendValue(this ByteBuffer target, RecordTape tape, int node, TextForm form)
    {
        if (tape.Nodes[node].IsCanonical)
        {
            target.Append(tape.Raw(node));
            return;
        }

        var kind = tape.Nodes[node].Kind;
        target.Append(Opening(kind));
        switch (kind)
        {
            case TapeKind.M:
                AppendMembers(target, tape, node, form);
                break;
            case TapeKind.L:
                AppendList(target, tape, node, form);
                break;
            case TapeKind.SS or TapeKind.NS or TapeKind.BS:
                AppendSet(target, tape, node, form);
                break;
            case TapeKind.BOOL or TapeKind.NULL:
                target.Append(tape.Text(node));
                break;
            default:
                AppendString(target, tape, tape.Nodes[node].Text, form);
                break;
        }

        target.Append((byte)'}');
    }

    /// <summary>Writes a string with its quotes.</summary>
    public static void AppendString(this ByteBuffer target, RecordTape tape, TapeText text, TextForm form)
    {
        if (text.IsPlain)
        {
            // Plain text stands between its quotes in the record.
            target.Append((byte)'"');
            target.Append(tape.Bytes(text));
            target.Append((byte)'"');
        }
        else
        {
            target.AppendString(tape.Bytes(text), form);
        }
    }

    /// <summary>Writes a string with its quotes.</summary>
    public static void AppendString(this ByteBuffer target, ReadOnlySpan<byte> text, TextForm form)
    {
        target.Append((byte)'"');
        if (form == TextForm.Entry)
        {
            target.AppendEscaped(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping);
        }
        else
        {
            AppendCanonical(target, text);
        }

        target.Append((byte)'"');
    }

    /// <summary>Writes a member of a map, and before it the map's brace or a comma.</summary>
    public static void AppendMember(this ByteBuffer target, RecordTape tape, int member, bool isFirst, TextForm form)
    {
        ref readonly var node = ref tape.Nodes[member];
        var opening = isFirst ? (byte)'{' : (byte)',';
        if (node.IsCanonical && node.IsNameTidy)
        {
            target.Append(opening, tape.RawMember(member));
            return;
        }

        target.Append(opening);
        AppendString(target, tape, node.Name, form);
        target.Append((byte)':');
        AppendValue(target, tape, member, form);
    }

    private static void AppendMembers(ByteBuffer target, RecordTape tape, int map, TextForm form)
    {
        var isFirst = true;
        foreach (var child in tape.Sorted(map))
        {
            AppendMember(target, tape, child, isFirst, form);
            isFirst = false;
        }

        target.Append(isFirst ? "{}"u8 : "}"u8);
    }

    private static void AppendList(ByteBuffer target, RecordTape tape, int list, TextForm form)
    {
        target.Append((byte)'[');
        for (var child = list + 1; child < tape.Nodes[list].Next; child = tape.Nodes[child].Next)
        {
            if (child > list + 1)
            {
                target.Append((byte)',');
            }

            AppendValue(target, tape, child, form);
        }

        target.Append((byte)']');
    }

    private static void AppendSet(ByteBuffer target, RecordTape tape, int set, TextForm form)
    {
        target.Append((byte)'[');
        for (var at = 0; at < tape.Nodes[set].Count; at++)
        {
            if (at > 0)
            {
                target.Append((byte)',');
            }

            AppendString(target, tape, tape.Nodes[tape.Sorted(set)[at]].Text, form);
        }

        target.Append((byte)']');
    }

    private static ReadOnlySpan<byte> Opening(TapeKind kind) => kind switch
    {
        TapeKind.S => "{\"S\":"u8,
        TapeKind.N => "{\"N\":"u8,
        TapeKind.B => "{\"B\":"u8,
        TapeKind.BOOL => "{\"BOOL\":"u8,
        TapeKind.NULL => "{\"NULL\":"u8,
        TapeKind.SS => "{\"SS\":"u8,
        TapeKind.NS => "{\"NS\":"u8,
        TapeKind.BS => "{\"BS\":"u8,
        TapeKind.M => "{\"M\":"u8,
        TapeKind.L => "{\"L\":"u8,
        _ => throw new InvalidOperationException($"{kind} is not a value."),
    };

    private static void AppendCanonical(ByteBuffer target, ReadOnlySpan<byte> text)
    {
        while (true)
        {
            var length = text.IndexOfAny(Escaped);
            if (length < 0)
            {
                target.Append(text);
                return;
            }

            target.Append(text[..length]);
            AppendEscape(target, text[length]);
            text = text[(length + 1)..];
        }
    }

    private static void AppendEscape(ByteBuffer target, byte character)
    {
        target.Append((byte)'\\');
        var letter = character switch
        {
            (byte)'\b' => (byte)'b',
            (byte)'\t' => (byte)'t',
            (byte)'\n' => (byte)'n',
            (byte)'\f' => (byte)'f',
            (byte)'\r' => (byte)'r',
            (byte)'"' or (byte)'\\' => character,
            _ => (byte)0,
        };
        if (letter != 0)
        {
            target.Append(letter);
            return;
        }

        target.Append("u00"u8);
        target.Append((byte)('0' + (character >> 4)));
        target.Append("0123456789abcdef"u8[character & 0xF]);
    }
}
