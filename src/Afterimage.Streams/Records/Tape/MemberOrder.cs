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
    /// <returns>Whether they came sorted.</returns>
    public bool Sort(RecordTape owner, Span<int> members)
    {
        tape = owner;
        if (IsSorted(members))
        {
            return true;
        }

        if (members.Length > RememberedMax)
        {
            members.Sort(byName);
            return false;
        }

        var places = remembered[members.Length] ??= [.. Enumerable.Range(0, members.Length)];
        if (!TrySortAs(members, places))
        {
            Sort(members, places);
        }

        sorted.AsSpan(0, members.Length).CopyTo(members);
        return false;
    }

    private bool IsSorted(ReadOnlySpan<int> members)
    {
        for (var at = 1; at < members.Length; at++)
        {
            if (tape!.CompareNames(members[at - 1], members[at]) > 0)
            {
                return false;
            }
        }

        return true;
    }

    private bool TrySortAs(ReadOnlySpan<int> members, ReadOnlySpan<int> places)
    {
        for (var at = 0; at < members.Length; at++)
        {
            sorted[at] = members[places[at]];
            if (at > 0 && tape!.CompareNames(sorted[at - 1], sorted[at]) > 0)
            {
                return false;
            }
        }

        return true;
    }

    private void Sort(ReadOnlySpan<int> members, Span<int> places)
    {
        var target = sorted.AsSpan(0, members.Length);
        members.CopyTo(target);
        target.Sort(byName);

        // Members come with rising numbers, so a search finds the place from which each came.
        for (var at = 0; at < target.Length; at++)
        {
            places[at] = members.BinarySearch(target[at]);
        }
    }
}
