using System.Text;
using Afterimage.Streams.Records.Tape;

namespace Afterimage.Entries.Raw;

/// <summary>Whether DynamoDB holds two values for equal, told from their bytes; the same as <see cref="AttributeValue.Equals(AttributeValue?)"/> says.</summary>
internal static class ValueEquality
{
    /// <summary>Whether both are equal; -1 stands for no value.</summary>
    public static bool AreEqual(RecordTape tape, int left, int right)
    {
        if (left < 0 || right < 0)
        {
            return left == right;
        }

        var kind = tape.Nodes[left].Kind;
        if (kind != tape.Nodes[right].Kind)
        {
            return false;
        }

        return tape.Raw(left).SequenceEqual(tape.Raw(right)) || kind switch
        {
            TapeKind.N => NumberBytes.AreEqual(tape.Text(left), tape.Text(right)),
            TapeKind.SS or TapeKind.BS => HaveSameTexts(tape, left, right),
            TapeKind.NS => HaveSameTexts(tape, left, right) || Numbers(tape, left).Equals(Numbers(tape, right)),
            TapeKind.L => AreEqualLists(tape, left, right),
            TapeKind.M => AreEqualMaps(tape, left, right),
            _ => tape.Text(left).SequenceEqual(tape.Text(right)),
        };
    }

    private static bool AreEqualLists(RecordTape tape, int left, int right)
    {
        if (tape.Nodes[left].Count != tape.Nodes[right].Count)
        {
            return false;
        }

        var (end, i, j) = (tape.Nodes[left].Next, left + 1, right + 1);
        while (i < end && AreEqual(tape, i, j))
        {
            i = tape.Nodes[i].Next;
            j = tape.Nodes[j].Next;
        }

        return i == end;
    }

    private static bool AreEqualMaps(RecordTape tape, int left, int right)
    {
        var lefts = tape.Sorted(left);
        var rights = tape.Sorted(right);
        if (lefts.Length != rights.Length)
        {
            return false;
        }

        for (var i = 0; i < lefts.Length; i++)
        {
            if (!tape.Name(lefts[i]).SequenceEqual(tape.Name(rights[i])) || !AreEqual(tape, lefts[i], rights[i]))
            {
                return false;
            }
        }

        return true;
    }

    private static bool HaveSameTexts(RecordTape tape, int left, int right)
    {
        var lefts = tape.Sorted(left);
        var rights = tape.Sorted(right);
        var (i, j) = (0, 0);
        while (i < lefts.Length && j < rights.Length)
        {
            if (!tape.Text(lefts[i]).SequenceEqual(tape.Text(rights[j])))
            {
                return false;
            }

            i = Behind(tape, lefts, i);
            j = Behind(tape, rights, j);
        }

        return i == lefts.Length && j == rights.Length;
    }

    // DynamoDB delivers no element twice, but nothing here rests on that.
    private static int Behind(RecordTape tape, ReadOnlySpan<int> sorted, int at)
    {
        var text = tape.Text(sorted[at]);
        do
        {
            at++;
        }
        while (at < sorted.Length && tape.Text(sorted[at]).SequenceEqual(text));
        return at;
    }

    // Sets of numbers that differ in their texts are rare enough to be built.
    private static AttributeValue Numbers(RecordTape tape, int set)
    {
        var elements = new List<string>();
        for (var element = set + 1; element < tape.Nodes[set].Next; element++)
        {
            elements.Add(Encoding.UTF8.GetString(tape.Text(element)));
        }

        return AttributeValue.NumberSet(elements);
    }
}
