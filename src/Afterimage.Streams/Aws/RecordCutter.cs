using System.Buffers.Binary;
using Afterimage.Streams.Records.Tape;

namespace Afterimage.Streams.Aws;

/// <summary>
/// Finds where the records of an answer end, some times as fast as Utf8JsonReader does. It takes only JSON without space, as DynamoDB
/// sends it, and of that only what nests less than <see cref="DepthMax"/> deep; whatever it does not take, JSON or not, is left to that reader.
/// </summary>
internal ref struct RecordCutter
{
    // Record, "dynamodb", image.
    private const int ImageDepth = 3;

    // As many as a number has bits.
    private const int DepthMax = 64;

    // ":{"?":" in the order in which a number holds its lowest byte first.
    private const ulong Scalar = 0x22_3A_22_00_22_7B_3A_22;
    private const ulong ScalarMask = 0xFF_FF_FF_00_FF_FF_FF_FF;

    private readonly ReadOnlySpan<byte> text;
    private StopsAhead stops;
    private RepeatedMembers images;
    private int at;

    // Which of the containers around a place are objects, the innermost lowest.
    private ulong objects;
    private int depth;

    private RecordCutter(ReadOnlySpan<byte> text, Span<int> buffer)
    {
        this.text = text;
        images = new RepeatedMembers(text, buffer);
        stops = new StopsAhead(text);
    }

    /// <summary>Cuts the elements of an array.</summary>
    /// <param name="elements">The text behind the array's opening bracket.</param>
    /// <param name="slices">Where the elements go.</param>
    /// <param name="length">How much of the text comes before the array's closing bracket.</param>
    /// <returns>Whether all of it is JSON that is taken here.</returns>
    public static bool TryCut(ReadOnlyMemory<byte> elements, List<ReadOnlyMemory<byte>> slices, out int length)
    {
        var cutter = new RecordCutter(elements.Span, stackalloc int[RepeatedMembers.BufferSize]);
        var isCut = cutter.Peek() == ']' || cutter.TryElements(elements, slices);
        length = cutter.at;
        return isCut;
    }

    private bool TryElements(ReadOnlyMemory<byte> elements, List<ReadOnlyMemory<byte>> slices)
    {
        do
        {
            var start = at;
            if (!TryTake((byte)'{') || !TryObject())
            {
                return false;
            }

            slices.Add(elements[start..at]);
        }
        while (TryTake((byte)','));

        return Peek() == ']';
    }

    // From behind an object's brace to behind the brace that closes it.
    private bool TryObject()
    {
        (objects, depth) = (1, 1);
        var isRead = TryFirstMember();
        while (isRead && depth > 0)
        {
            isRead = Next() switch
            {
                (byte)',' => (objects & 1) != 0 ? TryMember() : TryValue(),
                (byte)'}' => TryLeave(isObject: true),
                (byte)']' => TryLeave(isObject: false),
                _ => false,
            };
        }

        return isRead;
    }

    private bool TryLeave(bool isObject)
    {
        var isInnermost = ((objects & 1) != 0) == isObject;
        if (depth == ImageDepth)
        {
            images.End(at);
        }

        objects >>= 1;
        depth--;
        return isInnermost;
    }

    private bool TryEnter(bool isObject)
    {
        objects = (objects << 1) | (isObject ? 1u : 0);
        depth++;
        if (depth == ImageDepth)
        {
            images.Begin();
        }

        return depth <= DepthMax && (isObject ? TryFirstMember() : Peek() == ']' || TryValue());
    }

    private bool TryFirstMember() => Peek() == '}' || TryMember();

    private bool TryMember()
    {
        if (depth == ImageDepth && images.Repeated(at) is var repeated and > 0)
        {
            at += repeated;
            return true;
        }

        if (!TryTake((byte)'"'))
        {
            return false;
        }

        var stop = stops.Next(at);
        if (text.Length - stop >= sizeof(ulong) && (BinaryPrimitives.ReadUInt64LittleEndian(text[stop..]) & ScalarMask) == Scalar
            && char.IsAsciiLetterUpper((char)text[stop + 4]))
        {
            // A string within an object of its own, as most attributes are.
            at = stop + sizeof(ulong);
            return TryString() && TryTake((byte)'}');
        }

        return TryString() && TryTake((byte)':') && TryValue();
    }

    private bool TryValue() => Next() switch
    {
        (byte)'"' => TryString(),
        (byte)'{' => TryEnter(isObject: true),
        (byte)'[' => TryEnter(isObject: false),
        (byte)'t' => TryWord("rue"u8),
        (byte)'f' => TryWord("alse"u8),
        (byte)'n' => TryWord("ull"u8),
        (byte)'-' => TryNumber(Next()),
        var digit => TryNumber(digit),
    };

    // What follows the opening quote. Bytes that are not ASCII are taken as they are, as the reader does that this stands for.
    private bool TryString()
    {
        while (true)
        {
            at = stops.Next(at);
            switch (Next())
            {
                case (byte)'"':
                    return true;
                case (byte)'\\':
                    if (!TryEscape())
                    {
                        return false;
                    }

                    break;
                case < 0x20:
                    return false;
            }
        }
    }

    private bool TryEscape()
    {
        var letter = Next();
        if (letter != 'u')
        {
            return @"""\/bfnrt"u8.Contains(letter);
        }

        for (var left = 4; left > 0; left--)
        {
            if (!char.IsAsciiHexDigit((char)Next()))
            {
                return false;
            }
        }

        return true;
    }

    private bool TryWord(ReadOnlySpan<byte> rest)
    {
        var isWord = text[at..].StartsWith(rest);
        at += isWord ? rest.Length : 0;
        return isWord;
    }

    private bool TryNumber(byte first)
    {
        // No digit follows a leading zero.
        _ = first is >= (byte)'1' and <= (byte)'9' ? SkipDigits() : 0;
        if (!char.IsAsciiDigit((char)first) || (TryTake((byte)'.') && SkipDigits() == 0))
        {
            return false;
        }

        if (!TryTake((byte)'e') && !TryTake((byte)'E'))
        {
            return true;
        }

        _ = TryTake((byte)'-') || TryTake((byte)'+');
        return SkipDigits() > 0;
    }

    private int SkipDigits()
    {
        var start = at;
        while (char.IsAsciiDigit((char)Peek()))
        {
            at++;
        }

        return at - start;
    }

    private bool TryTake(byte wanted)
    {
        if (Peek() != wanted)
        {
            return false;
        }

        at++;
        return true;
    }

    // Zero, which is no token, stands for the end.
    private readonly byte Peek() => (uint)at < (uint)text.Length ? text[at] : (byte)0;

    private byte Next()
    {
        var next = Peek();
        at++;
        return next;
    }
}
