using Afterimage.Entries;
using Afterimage.Streams.Records;
using Afterimage.Trail;

namespace Afterimage.Capture;

/// <summary>Which tables are wanted: one that is named outright stands for itself, a pattern for every table that fits.</summary>
internal sealed class TableFinder(IReadOnlyList<TableOptions> wanted)
{
    /// <summary>The tables that are named outright.</summary>
    public IEnumerable<NamedTable> Outright => wanted.Where(one => one.Enabled && !NamePattern.IsPattern(one.Name)).Select(one => new NamedTable(one.Name, one));

    /// <summary>The patterns.</summary>
    public IEnumerable<TableOptions> Patterns => wanted.Where(one => one.Enabled && NamePattern.IsPattern(one.Name));

    /// <summary>The tables that fit a pattern: those that are there, and those of the trail whose last stream may be.</summary>
    /// <param name="pattern">The pattern.</param>
    /// <param name="region">Where it holds.</param>
    /// <param name="there">The names of the tables there.</param>
    /// <param name="tables">The trail's tables.</param>
    public IReadOnlyList<NamedTable> Fitting(TableOptions pattern, AccountRegion region, IReadOnlyCollection<string> there, IReadOnlyList<TrailTable> tables)
    {
        var isAlone = Patterns.All(other => other.Region == pattern.Region && other.Role == pattern.Role);
        var gone = tables.Where(table => !there.Contains(table.Name) && table.Stream is { } stream && (isAlone || region.Holds(stream))).Select(table => table.Name);
        return [.. there.Concat(gone).Where(name => Fits(pattern, name)).Select(name => new NamedTable(name, pattern))];
    }

    private bool Fits(TableOptions pattern, string name) =>
        NamePattern.Fits(pattern.Name, name) && !wanted.Any(one => !one.Enabled && NamePattern.Fits(one.Name, name));
}

/// <summary>A table that is wanted.</summary>
/// <param name="Name">Its name.</param>
/// <param name="By">What names it.</param>
internal sealed record NamedTable(string Name, TableOptions By)
{
    public bool IsOutright => Name == By.Name;
}

/// <summary>What a look at one table has shown.</summary>
/// <param name="Table">The table.</param>
/// <param name="Streams">Its streams that are to be read; none where it cannot be followed.</param>
/// <param name="Row">What the trail is to note of it; null where that is known.</param>
/// <param name="Latest">The stream that it names now.</param>
/// <param name="Problems">Why it cannot be followed.</param>
internal sealed record TableSight(NamedTable Table, IReadOnlyList<Streams.Reading.FollowedStream> Streams, TrailTable? Row, StreamArn? Latest, IReadOnlyList<Problem> Problems)
{
    /// <summary>What the trail said of the table when it was looked at; null where it said nothing.</summary>
    public TrailTable? RowSeen { get; init; }

    /// <summary>Whether it has no stream, and its changes come by the transactions that they are made in.</summary>
    public bool IsByTransactions { get; init; }

    /// <summary>What a table that only fits a pattern lacks: it may come, and stops nobody.</summary>
    public Problem? Lacks { get; init; }

    public static TableSight Hidden(NamedTable table, params IReadOnlyList<Problem> problems) => new(table, [], null, null, problems);
}
