using Afterimage.Entries;
using Afterimage.Streams.Aws;
using Afterimage.Streams.Records;
using Afterimage.Trail;

namespace Afterimage.Capture;

/// <summary>Which tables and streams a run follows, found from names and patterns.</summary>
/// <param name="Tables">The tables' names.</param>
/// <param name="Streams">Their streams; a stream that was switched off is read to its end beside the new one.</param>
/// <param name="Warnings">What the operator should know before.</param>
public sealed record FollowPlan(IReadOnlyList<string> Tables, IReadOnlyList<StreamArn> Streams, IReadOnlyList<string> Warnings)
{
    /// <summary>Looks every table up and notes it in the trail.</summary>
    /// <exception cref="UsageException">Every table that does not exist, has no stream, or was disabled though it is named.</exception>
    public static async Task<FollowPlan> MakeAsync(IReadOnlyList<TableOptions> wanted, TableControl control, ITrail trail, CancellationToken ct)
    {
        var known = (await trail.TablesAsync(ct)).ToDictionary(table => table.Name);
        var unfinished = (await trail.ShardsAsync(null, ct)).Where(shard => !shard.Progress.Finished).Select(shard => shard.Stream).ToHashSet();
        var problems = new List<Problem>();
        var warnings = new List<string>();
        var streams = new List<StreamArn>();
        var tables = new List<string>();
        var rows = new List<TrailTable>();
        foreach (var (name, isNamed) in await NamesAsync(wanted, control, problems, ct))
        {
            var isDisabled = known.TryGetValue(name, out var before) && !before.Followed;
            if (isDisabled && !isNamed)
            {
                warnings.Add($"{name} fits a pattern but was disabled in this trail; `afterimage enable {name}` takes it up again.");
                continue;
            }

            if (isDisabled)
            {
                problems.Add(new Problem($"{name} was disabled in this trail.", $"afterimage enable {name}"));
            }
            else if (await control.DescribeAsync(name, ct) is not { } table)
            {
                problems.Add(new Problem($"There is no table '{name}'.", "Check the name, --region, --profile and --endpoint."));
            }
            else if (table.LatestStream is not { } stream)
            {
                problems.Add(new Problem($"{name} has no stream, so its changes cannot be followed.", $"afterimage enable {name}"));
            }
            else
            {
                problems.AddRange(RedactedKeys(table, wanted));
                warnings.AddRange(WarningsOf(table));
                tables.Add(name);
                streams.Add(stream);
                streams.AddRange(unfinished.Where(older => older != stream && older.Table == name && older.Account == stream.Account));
                rows.Add(Row(table));
            }
        }

        if (problems.Count > 0)
        {
            throw new UsageException(problems);
        }

        foreach (var row in rows)
        {
            await trail.KeepTableAsync(row, ct);
        }

        return new FollowPlan(tables, streams, warnings);
    }

    /// <summary>The trail's row of a table that is followed.</summary>
    public static TrailTable Row(TableDescription table)
    {
        var keys = table.Keys.Select(key => new Trail.KeyAttribute(key.Name, Enum.Parse<AttributeKind>(key.Type))).ToList();
        return new TrailTable(table.Name, keys[0], keys.Count > 1 ? keys[1] : null, table.LatestStream, Followed: true);
    }

    // A table that is named outright stands for itself; a pattern for every table that fits and is not switched off.
    private static async Task<IReadOnlyDictionary<string, bool>> NamesAsync(
        IReadOnlyList<TableOptions> wanted, TableControl control, List<Problem> problems, CancellationToken ct)
    {
        var names = new SortedDictionary<string, bool>(StringComparer.Ordinal);
        foreach (var table in wanted.Where(table => table.Enabled && !TablePattern.IsPattern(table.Name)))
        {
            names[table.Name] = true;
        }

        var patterns = wanted.Where(table => table.Enabled && TablePattern.IsPattern(table.Name)).Select(table => table.Name).ToList();
        if (patterns.Count == 0)
        {
            return names;
        }

        var all = await control.ListAsync(ct).ToListAsync(ct);
        foreach (var pattern in patterns)
        {
            var fitting = all.Where(name => TablePattern.Fits(pattern, name) && !wanted.Any(table => !table.Enabled && TablePattern.Fits(table.Name, name))).ToList();
            fitting.ForEach(name => names.TryAdd(name, false));
            if (fitting.Count == 0)
            {
                problems.Add(new Problem($"No table fits '{pattern}'.", $"There are {all.Count} tables{(all.Count == 0 ? string.Empty : $": {string.Join(", ", all.Take(10))}")}. Check --region, --profile and --endpoint."));
            }
        }

        return names;
    }

    // A key is what an entry is found by: it stands in every entry as it is.
    private static IEnumerable<Problem> RedactedKeys(TableDescription table, IReadOnlyList<TableOptions> wanted) =>
        from rules in wanted.Where(options => TablePattern.Fits(options.Name, table.Name)).Take(1)
        from path in rules.Rules.Redact
        where table.Keys.Any(key => key.Name == path.Segments[0])
        select new Problem($"{path} of {table.Name} is part of the key, which cannot be redacted.", "Take it out of \"redact\": entries are found by their keys.");

    private static IEnumerable<string> WarningsOf(TableDescription table)
    {
        if (!table.StreamEnabled)
        {
            yield return $"The stream of {table.Name} is switched off: what it still holds is read, new changes are not seen. To switch it on: afterimage enable {table.Name}";
        }
        else if (table.ViewType != "NEW_AND_OLD_IMAGES")
        {
            yield return table.ViewType switch
            {
                "NEW_IMAGE" => $"The stream of {table.Name} carries new images only: what an item was before cannot be known, so modifications and removals have no differences.",
                "OLD_IMAGE" => $"The stream of {table.Name} carries old images only: what an item became cannot be known, so insertions and modifications have no differences.",
                _ => $"The stream of {table.Name} carries keys only: entries say which item changed and when, not what.",
            } + " Set NEW_AND_OLD_IMAGES on the table's stream to know more.";
        }
    }
}
