namespace Afterimage.Trail.DynamoDb.Table;

/// <summary>Which items are wanted of one partition.</summary>
/// <param name="Partition">The partition key.</param>
internal sealed record ItemQuery(string Partition)
{
    /// <summary>The index that is asked; null for the table itself.</summary>
    public TableIndex? Index { get; init; }

    /// <summary>The smallest sort key that is wanted; null for the first.</summary>
    public string? From { get; init; }

    /// <summary>The largest sort key that is wanted; null for the last.</summary>
    public string? Through { get; init; }

    /// <summary>Largest sort key first.</summary>
    public bool Reverse { get; init; }

    /// <summary>At most so many items a page; null for as many as fit.</summary>
    public int? Limit { get; init; }

    /// <summary>What is wanted of the items; null for everything there is.</summary>
    public IReadOnlyList<string>? Attributes { get; init; }

    /// <summary>Only items for which all of this holds. What is left out is read and paid for all the same.</summary>
    public IReadOnlyList<Term> Filter { get; init; } = [];

    /// <summary>Where the page before ended.</summary>
    public PageMark? After { get; init; }
}

/// <summary>An index of the trail's table.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Partition">The attribute that is its partition key.</param>
/// <param name="Sort">The attribute that is its sort key.</param>
internal sealed record TableIndex(string Name, string Partition, string Sort);

/// <summary>Which part of the table is wanted, whoever asks.</summary>
/// <param name="Segment">Which of the segments, from 0.</param>
/// <param name="Segments">How many of them are read at once.</param>
/// <param name="Attributes">What is wanted of the items.</param>
/// <param name="After">Where the page before ended.</param>
internal sealed record ItemScan(int Segment, int Segments, IReadOnlyList<string> Attributes, PageMark? After);
