using System.Buffers;
using System.Numerics;
using System.Runtime.Intrinsics;
using System.Text.Json;

namespace Afterimage.Streams.Records.Tape;

/// <summary>A place in JSON text, moved on token by token. What it does not take, it leaves; it never reads beyond the end.</summary>
internal ref struct JsonCursor(RecordTape tape, ReadOnlySpan<byte> raw)
{
    private static readonly SearchValues<byte> Stops = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Select(value => (byte)value), (byte)'"', (byte)'\\']);

    private readonly ReadOnlySpan<byte> raw = raw;

    /// <summary>The next byte to be read.</summary>
    public int At { get; private set; }

    /// <summary>What is left.</summary>
    public readonly ReadOnlySpan<byte> Rest => raw[At..];

    /// <summary>Passes over space and takes this byte, if it is the next one.</summary>
    public bool TryTake(byte wanted)
    {
        var at = At;
        if ((uint)at < (uint)raw.Length && raw[at] == wanted)
        {
            At = at + 1;
            return true;
        }

        SkipSpace();
        if (At == at || At == raw.Length || raw[At] != wanted)
        {
            return false;
        }

        At++;
        return true;
    }

    /// <summary>Passes over space and takes this word, if it is next.</summary>
    public bool TryTake(ReadOnlySpan<byte> word)
    {
        SkipSpace();
        if (!Rest.StartsWith(word))
        {
            return false;
        }

        At += word.Length;
        return true;
    }

    /// <summary>Passes over space; the next byte, or zero at the end.</summary>
    public byte Peek()
    {
        SkipSpace();
        return At < raw.Length ? raw[At] : (byte)0;
    }

    /// <summary>Whether only space is left.</summary>
    public bool IsAtEnd()
    {
        SkipSpace();
        return At == raw.Length;
    }

    /// <summary>Takes so many bytes that were looked at.</summary>
    public void Skip(int length) => At += length;

    /// <summary>Takes a string.</summary>
    public bool TryText(out TapeText text)
    {
        text = default;
        if (!TryTake((byte)'"'))
        {
            return false;
        }

        var length = PlainLength(raw[At..]);
        if (At + length == raw.Length)
        {
            return false;
        }

        if (raw[At + length] != '"')
        {
            return TryTextFrom(length, out text);
        }

        text = new TapeText(At, length, IsPlain: true);
        At += length + 1;
        return true;
    }

    /// <summary>Takes the name of a member that is known; one with escapes never is.</summary>
    public bool TryName(out ReadOnlySpan<byte> name)
    {
        var isName = TryText(out var text) && text.IsPlain && TryTake((byte)':');
        name = isName ? raw.Slice(text.At, text.Length) : default;
        return isName;
    }

    /// <summary>Takes a name of one letter, with no space around it.</summary>
    public bool TryLetterName(out byte letter)
    {
        var rest = raw[At..];
        var isLetter = rest.Length > 3 && rest[0] == '"' && rest[2] == '"' && rest[3] == ':';
        letter = isLetter ? rest[1] : (byte)0;
        At += isLetter ? 4 : 0;
        return isLetter;
    }

    /// <summary>Passes over any value.</summary>
    public bool TrySkipValue()
    {
        if (Peek() == '"')
        {
            return TryText(out _);
        }

        try
        {
            var json = new Utf8JsonReader(Rest);
            if (!json.Read())
            {
                return false;
            }

            json.Skip();
            At += (int)json.BytesConsumed;
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>How many bytes come before the first that is not printable ASCII, or is a quote or a backslash.</summary>
    private static int PlainLength(ReadOnlySpan<byte> text)
    {
        var at = 0;
        for (; at + Vector128<byte>.Count <= text.Length; at += Vector128<byte>.Count)
        {
            var next = Vector128.Create(text.Slice(at, Vector128<byte>.Count));
            var stops = Vector128.GreaterThan(next - Vector128.Create((byte)0x20), Vector128.Create((byte)(0x7E - 0x20)))
                | Vector128.Equals(next, Vector128.Create((byte)'"'))
                | Vector128.Equals(next, Vector128.Create((byte)'\\'));
            var mask = stops.ExtractMostSignificantBits();
            if (mask != 0)
            {
                return at + BitOperations.TrailingZeroCount(mask);
            }
        }

        while (at < text.Length && text[at] is >= 0x20 and <= 0x7E and not ((byte)'"' or (byte)'\\'))
        {
            at++;
        }

        return at;
    }

    private bool TryTextFrom(int length, out TapeText text)
    {
        text = default;
        var rest = Rest;
        var more = rest[length..].IndexOfAny(Stops);
        if (more < 0)
        {
            return false;
        }

        length += more;
        if (rest[length] == '"')
        {
            text = new TapeText(At, length, IsPlain: false);
            At += length + 1;
            return true;
        }

        if (rest[length] != '\\' || !JsonEscapes.TryUnescape(rest, length, tape.Free, out var read, out var written))
        {
            return false;
        }

        text = tape.Take(written);
        At += read;
        return true;
    }

    private void SkipSpace()
    {
        while (At < raw.Length && raw[At] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
        {
            At++;
        }
    }
}
