using System.Buffers.Text;

namespace Afterimage.Streams.Records.Tape;

/// <summary>Reads attributes by name onto a tape, each value with its type checked.</summary>
internal static class ItemScanner
{
    /// <summary>The levels that are read here. DynamoDB has 32; what nests deeper is left to a reader that does not recurse.</summary>
    private const int DepthMax = 64;

    // Around the members of {"M":…}.
    private const int MapWrap = 6;

    /// <summary>Reads an item as a map without a type around it.</summary>
    /// <param name="tape">Where to.</param>
    /// <param name="json">What is read.</param>
    /// <param name="twin">The record's other image, which is much the same; -1 if there is none.</param>
    /// <returns>Whether the next value is one; its node is then the first that was added.</returns>
    public static bool TryItem(RecordTape tape, ref JsonCursor json, int twin)
    {
        var node = tape.Add(default);
        if (!json.TryTake((byte)'{'))
        {
            return false;
        }

        tape[node].Kind = TapeKind.M;
        tape[node].Start = json.At - 1;
        var tally = new MapTally(tape);
        return TryMembers(tape, ref json, depth: 0, new TwinMembers(tape, twin), ref tally) && CloseMap(tape, node, json.At, wrap: 0, ref tally);
    }

    private static bool TryMembers(RecordTape tape, ref JsonCursor json, int depth, TwinMembers twins, ref MapTally tally)
    {
        if (json.TryTake((byte)'}'))
        {
            return true;
        }

        do
        {
            var child = tape.Count;
            if (!twins.TryTake(ref json))
            {
                if (!json.TryText(out var name) || !json.TryTake((byte)':') || !TryValue(tape, ref json, name, depth + 1))
                {
                    return false;
                }

                twins.Pass(child);
            }

            tally.Add(child);
        }
        while (json.TryTake((byte)','));

        return json.TryTake((byte)'}');
    }

    private static bool TryValue(RecordTape tape, ref JsonCursor json, TapeText name, int depth)
    {
        if (depth > DepthMax)
        {
            return false;
        }

        var start = json.At;
        if (json.TryOpening(out var letter, out var next))
        {
            var kind = KindNames.KindOf(letter);
            if (next == '"' && kind <= TapeKind.B && json.TryPlainRest(out var text))
            {
                tape.Add(name, kind, text, start, json.At);
                return kind == TapeKind.S || IsOfKind(tape.Bytes(text), kind);
            }

            if ((kind, next) is (TapeKind.M, (byte)'{') or (TapeKind.L, (byte)'['))
            {
                var node = tape.Add(name);
                (tape[node].Start, tape[node].Kind) = (start, kind);
                return kind == TapeKind.M ? TryMap(tape, ref json, node, depth) : TryList(tape, ref json, node, depth);
            }

            json.Return(start);
        }

        return TryOther(tape, ref json, name, depth);
    }

    private static bool TryOther(RecordTape tape, ref JsonCursor json, TapeText name, int depth)
    {
        var node = tape.Add(name);
        if (!json.TryTake((byte)'{'))
        {
            return false;
        }

        tape[node].Start = json.At - 1;
        if (!TryKind(ref json, out var kind))
        {
            return false;
        }

        tape[node].Kind = kind;
        return kind switch
        {
            TapeKind.S or TapeKind.N or TapeKind.B => TryScalar(tape, ref json, node, kind) && TryClose(ref json) && CloseScalar(tape, node, json.At),
            TapeKind.BOOL => (TryWord(tape, ref json, node, "true"u8) || TryWord(tape, ref json, node, "false"u8)) && TryClose(ref json) && CloseScalar(tape, node, json.At),
            TapeKind.NULL => TryWord(tape, ref json, node, "true"u8) && TryClose(ref json) && CloseScalar(tape, node, json.At),
            TapeKind.M => json.TryTake((byte)'{') && TryMap(tape, ref json, node, depth),
            TapeKind.L => json.TryTake((byte)'[') && TryList(tape, ref json, node, depth),
            _ => json.TryTake((byte)'[') && TrySet(tape, ref json, node, kind) && TryClose(ref json) && CloseSet(tape, node, json.At),
        };
    }

    private static bool TryClose(ref JsonCursor json) => json.TryTake((byte)'}');

    private static bool TryMap(RecordTape tape, ref JsonCursor json, int node, int depth)
    {
        var tally = new MapTally(tape);
        return TryMembers(tape, ref json, depth, new TwinMembers(tape, -1), ref tally)
            && TryClose(ref json) && CloseMap(tape, node, json.At, MapWrap, ref tally);
    }

    private static bool TryKind(ref JsonCursor json, out TapeKind kind)
    {
        if (json.TryLetterName(out var letter))
        {
            kind = KindNames.KindOf(letter);
        }
        else
        {
            kind = json.TryName(out var name) ? KindNames.KindOf(name) : TapeKind.Element;
        }

        return kind != TapeKind.Element;
    }

    private static bool TryScalar(RecordTape tape, ref JsonCursor json, int node, TapeKind kind)
    {
        if (!json.TryText(out var text))
        {
            return false;
        }

        tape[node].Text = text;
        return IsOfKind(tape.Bytes(text), kind);
    }

    private static bool IsOfKind(ReadOnlySpan<byte> text, TapeKind kind) => kind switch
    {
        TapeKind.N or TapeKind.NS => NumberBytes.IsNumber(text),
        TapeKind.B or TapeKind.BS => text.Length % 4 == 0 && !text.ContainsAny(" \r\n\t"u8) && Base64.IsValid(text),
        _ => true,
    };

    private static bool TryWord(RecordTape tape, ref JsonCursor json, int node, ReadOnlySpan<byte> word)
    {
        if (!json.TryTake(word))
        {
            return false;
        }

        tape[node].Text = new TapeText(json.At - word.Length, word.Length, isPlain: true);
        return true;
    }

    private static bool TryList(RecordTape tape, ref JsonCursor json, int node, int depth) =>
        TryElements(tape, ref json, node, depth) && TryClose(ref json) && CloseList(tape, node, json.At);

    private static bool TryElements(RecordTape tape, ref JsonCursor json, int node, int depth)
    {
        if (json.TryTake((byte)']'))
        {
            return true;
        }

        do
        {
            if (!TryValue(tape, ref json, default, depth + 1))
            {
                return false;
            }

            tape[node].Count++;
        }
        while (json.TryTake((byte)','));

        return json.TryTake((byte)']');
    }

    // DynamoDB has no empty sets.
    private static bool TrySet(RecordTape tape, ref JsonCursor json, int node, TapeKind kind)
    {
        do
        {
            var element = tape.Add(default);
            if (!TryScalar(tape, ref json, element, kind))
            {
                return false;
            }

            tape[element].Kind = TapeKind.Element;
            tape[element].Next = element + 1;
            tape[node].Count++;
        }
        while (json.TryTake((byte)','));

        return json.TryTake((byte)']');
    }

    private static bool CloseScalar(RecordTape tape, int node, int end)
    {
        ref var value = ref tape[node];
        value.End = end;
        value.Next = node + 1;

        // {"S":"…"}, {"BOOL":true}, {"NULL":true}: a text that is longer holds space.
        var wrap = value.Kind is TapeKind.BOOL or TapeKind.NULL ? 9 : 8;
        value.IsCanonical = value.Text.IsPlain && end - value.Start == value.Text.Length + wrap;
        return true;
    }

    private static bool CloseSet(RecordTape tape, int node, int end)
    {
        tape[node].Next = tape.Count;
        var isSorted = tape.SortElements(node);
        ref var set = ref tape[node];
        set.End = end;
        var length = 9 + (set.Count * 3) - 1;
        var isPlain = true;
        for (var element = node + 1; element < set.Next; element++)
        {
            isPlain &= tape[element].Text.IsPlain;
            length += tape[element].Text.Length;
        }

        set.IsCanonical = isPlain && isSorted && end - set.Start == length;
        return true;
    }

    private static bool CloseList(RecordTape tape, int node, int end)
    {
        ref var list = ref tape[node];
        list.End = end;
        list.Next = tape.Count;
        var length = 8 + Math.Max(list.Count - 1, 0);
        var isCanonical = true;
        for (var child = node + 1; child < list.Next; child = tape[child].Next)
        {
            ref var value = ref tape[child];
            isCanonical &= value.IsCanonical;
            length += value.End - value.Start;
        }

        list.IsCanonical = isCanonical && end - list.Start == length;
        return true;
    }

    /// <summary>Sorts the members; false if a name comes twice.</summary>
    private static bool CloseMap(RecordTape tape, int node, int end, int wrap, ref MapTally tally)
    {
        ref var map = ref tape[node];
        (map.Next, map.Count, map.End) = (tape.Count, tally.Count, end);
        tally.Close(ref map, wrap);
        return tape.TrySortMembers(node, tally.IsSorted);
    }
}
