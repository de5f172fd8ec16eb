namespace Afterimage.Streams.Records.Tape;

/// <summary>
/// Sorts the members of maps by name. The items of a table mostly have the same attributes in the same order, so what sorted the last map
/// of as many members is tried first: then sorting is one comparison a member.
/// </summary>
internal sealed class MemberOrder
{
    /// <summary>The largest map whose order is remembered.</summary>
    private const int RememberedMax = 256;

    private readonly int[]?[] remembered = new int[RememberedMax + 1][];
    private readonly int[] sorted = new int[RememberedMax];
    private readonly Comparison<int> byName;
    private RecordTape? tape;

    public MemberOrder() => byName = (left, right) => tape!.CompareNames(left, right);

    /// <summary>Sorts members, given in the order in which they came.</summary>
    /// <returns>False if a name comes twice.</returns>
    public bool TrySort(RecordTape owner, Span<int> members)
    {
        tape = owner;
        if (members.Length > RememberedMax)
        {
            members.Sort(byName);
            return IsRising(owner, members);
        }

        var places = remembered[members.Length] ??= [.. Enumerable.Range(0, members.Length)];
        var target = sorted.AsSpan(0, members.Length);
        var isRising = TrySortAs(owner, members, places, target) || SortAnew(owner, members, places, target);
        target.CopyTo(members);
        return isRising;
    }

    private static bool TrySortAs(RecordTape tape, ReadOnlySpan<int> members, ReadOnlySpan<int> places, Span<int> target)
    {
        for (var at = 0; at < target.Length; at++)
        {
            target[at] = members[places[at]];
        }

        return IsRising(tape, target);
    }

    private static bool IsRising(RecordTape tape, ReadOnlySpan<int> members)
    {
        for (var at = 1; at < members.Length; at++)
        {
            if (tape.CompareNames(members[at - 1], members[at]) >= 0)
            {
                return false;
            }
        }

        return true;
    }

    private bool SortAnew(RecordTape owner, ReadOnlySpan<int> members, Span<int> places, Span<int> target)
    {
        members.CopyTo(target);
        target.Sort(byName);

        // Members come with rising numbers, so a search finds the place from which each came.
        for (var at = 0; at < target.Length; at++)
        {
            places[at] = members.BinarySearch(target[at]);
        }

        return IsRising(owner, target);
    }
}
