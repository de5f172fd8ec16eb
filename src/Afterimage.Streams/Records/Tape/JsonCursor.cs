using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;

namespace Afterimage.Streams.Records.Tape;

/// <summary>A place in JSON text, moved on token by token. What it does not take, it leaves; it never takes what is behind the end.</summary>
/// <param name="tape">Where unescaped strings go.</param>
/// <param name="text">The text at its beginning, and zeros behind it: they are no token, so that the end needs no looking for.</param>
/// <param name="length">The length of the text alone.</param>
internal struct JsonCursor(RecordTape tape, byte[] text, int length)
{
    /// <summary>How many bytes are looked at at once, which must be there behind the text's end.</summary>
    public const int LookAhead = sizeof(ulong);

    // {"?": in the order in which a number holds its lowest byte first.
    private const ulong Opening = 0x3A_22_00_22_7B;
    private const ulong OpeningMask = 0xFF_FF_00_FF_FF;
    private const int OpeningLength = 5;

    private static readonly SearchValues<byte> Stops = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Select(value => (byte)value), (byte)'"', (byte)'\\']);

    private readonly byte[] text = text;
    private readonly TextStops stops = tape.Stops;

    /// <summary>The next byte to be read.</summary>
    public int At { get; private set; }

    /// <summary>What is left.</summary>
    public readonly ReadOnlySpan<byte> Rest => text.AsSpan(At, length - At);

    /// <summary>Passes over space and takes this byte, if it is the next one.</summary>
    public bool TryTake(byte wanted)
    {
        if (text[At] == wanted)
        {
            At++;
            return true;
        }

        return TryTakeBehindSpace(wanted);
    }

    /// <summary>Passes over space and takes this word, if it is next.</summary>
    public bool TryTake(ReadOnlySpan<byte> word)
    {
        SkipSpace();
        return TryTakeHere(word);
    }

    /// <summary>Takes these bytes, if they are the next ones.</summary>
    public bool TryTakeHere(ReadOnlySpan<byte> bytes)
    {
        if (!text.AsSpan(At).StartsWith(bytes))
        {
            return false;
        }

        At += bytes.Length;
        return true;
    }

    /// <summary>Passes over space; the next byte, or zero at the end.</summary>
    public byte Peek()
    {
        SkipSpace();
        return text[At];
    }

    /// <summary>Whether only space is left.</summary>
    public bool IsAtEnd()
    {
        SkipSpace();
        return At == length;
    }

    /// <summary>Takes so many bytes that were looked at.</summary>
    public void Skip(int count) => At += count;

    /// <summary>Takes a string.</summary>
    public bool TryText(out TapeText taken)
    {
        taken = default;
        if (!TryTake((byte)'"'))
        {
            return false;
        }

        var stop = stops.Next(At);
        if (text[stop] != '"')
        {
            return TryTextFrom(stop - At, out taken);
        }

        taken = new TapeText(At, stop - At, isPlain: true);
        At = stop + 1;
        return true;
    }

    /// <summary>Takes the name of a member that is known; one with escapes never is.</summary>
    public bool TryName(out ReadOnlySpan<byte> name)
    {
        var isName = TryText(out var taken) && taken.IsPlain && TryTake((byte)':');
        name = isName ? text.AsSpan(taken.At, taken.Length) : default;
        return isName;
    }

    /// <summary>Takes {"S": of any one letter with no space in it, and what comes next, as nearly all values begin.</summary>
    public bool TryOpening(out byte letter, out byte next)
    {
        var opening = BinaryPrimitives.ReadUInt64LittleEndian(text.AsSpan(At));
        (letter, next) = ((byte)(opening >> 16), (byte)(opening >> 40));
        if ((opening & OpeningMask) != Opening)
        {
            return false;
        }

        At += OpeningLength + 1;
        return true;
    }

    /// <summary>Takes the rest of a plain string, and the brace behind it.</summary>
    public bool TryPlainRest(out TapeText taken)
    {
        var stop = stops.Next(At);
        taken = new TapeText(At, stop - At, isPlain: true);
        if (text[stop] != '"' || text[stop + 1] != '}')
        {
            return false;
        }

        At = stop + 2;
        return true;
    }

    /// <summary>Goes back to where something else may be taken.</summary>
    public void Return(int at) => At = at;

    /// <summary>Takes a name of one letter, with no space around it.</summary>
    public bool TryLetterName(out byte letter)
    {
        var next = BinaryPrimitives.ReadUInt32LittleEndian(text.AsSpan(At));
        var isLetter = (next & 0xFF_FF_00_FF) == 0x3A_22_00_22;
        letter = isLetter ? (byte)(next >> 8) : (byte)0;
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

    private static bool IsSpace(byte value) => value is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t';

    private bool TryTakeBehindSpace(byte wanted)
    {
        if (!IsSpace(text[At]) || Peek() != wanted)
        {
            return false;
        }

        At++;
        return true;
    }

    private bool TryTextFrom(int plain, out TapeText taken)
    {
        taken = default;
        var rest = Rest;
        var more = plain > rest.Length ? -1 : rest[plain..].IndexOfAny(Stops);
        if (more < 0)
        {
            return false;
        }

        var count = plain + more;
        if (rest[count] == '"')
        {
            taken = new TapeText(At, count, isPlain: false);
            At += count + 1;
            return true;
        }

        if (rest[count] != '\\' || !JsonEscapes.TryUnescape(rest, count, tape.Free, out var read, out var written))
        {
            return false;
        }

        taken = tape.Take(written);
        At += read;
        return true;
    }

    private void SkipSpace()
    {
        while (IsSpace(text[At]))
        {
            At++;
        }
    }
}
