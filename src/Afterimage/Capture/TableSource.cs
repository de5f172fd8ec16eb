using Afterimage.Entries;
using Afterimage.Streams.Aws;
using Afterimage.Streams.Reading;

namespace Afterimage.Capture;

/// <summary>The streams of the tables that are wanted. Tables and streams come and go while it is asked again and again.</summary>
/// <param name="wanted">Names and patterns.</param>
/// <param name="regionOf">Where a name or pattern holds: the same object for the same account and region. Throws where that cannot be reached.</param>
/// <param name="ledger">What the trail knows.</param>
/// <param name="notices">Is told, once each, what the operator should know.</param>
/// <param name="time">Tells whether a stream may have been forgotten.</param>
public sealed class TableSource(
    IReadOnlyList<TableOptions> wanted, Func<TableOptions, AccountRegion> regionOf, ITableLedger ledger, IProgress<WorkerNotice> notices, TimeProvider time) : IStreamSource
{
    private readonly TableFinder finder = new(wanted);
    private readonly StandingNotices standing = new(notices);
    private readonly Dictionary<StreamsAccess, AccountRegion> regions = [];
    private Dictionary<NamedTable, TableSight> sights = [];
    private bool hasLooked;

    /// <summary>The tables that are followed.</summary>
    public IReadOnlyList<string> Tables => [.. sights.Values.Where(sight => sight.Streams.Count > 0 || sight.IsByTransactions).Select(sight => sight.Table.Name).Order(StringComparer.Ordinal)];

    /// <summary>What could not be looked at lately.</summary>
    public bool HasFailures => standing.HasFailures;

    /// <inheritdoc/>
    /// <exception cref="UsageException">At the first look: every named table that does not exist, has no stream or was disabled, and more that only the operator can mend.</exception>
    public async Task<IReadOnlyList<FollowedStream>> LookAsync(CancellationToken ct)
    {
        while (true)
        {
            var (round, followed) = await LookOnceAsync(ct);

            // A stream is begun only once it is noted: of two processes that meet a table at the same time, the one that comes later looks again.
            if (await KeepRowsAsync(round.Values, ct))
            {
                Welcome(round);
                standing.EndRound();
                (sights, hasLooked) = (round, true);
                return followed;
            }
        }
    }

    /// <inheritdoc/>
    public async Task<bool> IsGoneAsync(FollowedStream stream, CancellationToken ct)
    {
        var region = regions[stream.Access];
        var table = await region.Tables.DescribeAsync(stream.Stream.Table, ct);
        var seen = sights.Values.Where(sight => sight.Latest is not null && sight.Streams.Any(one => one.Access == stream.Access)).Select(sight => sight.Latest!.Value);
        return GoneStream.IsCredible(stream.Stream, table, region, [.. seen], await ledger.ReadAsync(ct), time.GetUtcNow());
    }

    private async Task<(Dictionary<NamedTable, TableSight> Round, IReadOnlyList<FollowedStream> Followed)> LookOnceAsync(CancellationToken ct)
    {
        var known = await ledger.ReadAsync(ct);
        var round = new Dictionary<NamedTable, TableSight>();
        var watch = new TableWatch(RulesOf, ledger, standing);
        var failures = new List<Exception>();
        var unfit = new List<Problem>();
        var looks = 0;
        foreach (var table in await NamesAsync(known, failures, unfit, ct))
        {
            try
            {
                round[table] = await LookAtAsync(watch, table, known, round.Values, ct);
                unfit.AddRange(round[table].Lacks is { } lack ? [lack] : []);
                looks++;
            }
            catch (Exception e) when (e is AwsException or AwsConfigurationException)
            {
                failures.Add(e);
                standing.Fail($"{table.Name}: looking it up", e);
                round[table] = (sights.GetValueOrDefault(table) ?? TableSight.Hidden(table)) with { Row = null };
            }
        }

        var followed = round.Values.SelectMany(sight => sight.Streams).ToList();
        Judge(round.Values, looks, failures, unfit, followed.Count);
        return (round, followed);
    }

    private async Task<bool> KeepRowsAsync(IEnumerable<TableSight> round, CancellationToken ct)
    {
        foreach (var sight in round.Where(sight => sight.Row is not null))
        {
            if (!await ledger.TryKeepAsync(sight.Row!, sight.RowSeen, ct))
            {
                return false;
            }
        }

        return true;
    }

    private async Task<IReadOnlyList<NamedTable>> NamesAsync(KnownTables known, List<Exception> failures, List<Problem> unfit, CancellationToken ct)
    {
        var names = finder.Outright.ToList();
        foreach (var pattern in finder.Patterns)
        {
            IReadOnlyList<NamedTable> fitting;
            try
            {
                var region = RegionOf(pattern);
                var there = await region.Tables.ListAsync(ct).ToListAsync(ct);
                fitting = finder.Fitting(pattern, region, there, known.Tables);
                unfit.AddRange(fitting.Count == 0 ? [TableProblems.NothingFits(pattern.Name, there)] : []);
            }
            catch (Exception e) when (e is AwsException or AwsConfigurationException)
            {
                failures.Add(e);
                standing.Fail($"{pattern.Name}: listing the tables", e);
                fitting = [.. sights.Keys.Where(table => table.By == pattern)];
            }

            // The first that names a table counts; one of that name elsewhere is another table.
            names.AddRange(fitting.Where(table => !names.Exists(other => other.Name == table.Name && other.By.Region == table.By.Region && other.By.Role == table.By.Role)));
        }

        return names;
    }

    private async Task<TableSight> LookAtAsync(TableWatch watch, NamedTable table, KnownTables known, IEnumerable<TableSight> others, CancellationToken ct)
    {
        if (known.Tables.Any(row => row.Name == table.Name && !row.Followed))
        {
            if (table.IsOutright)
            {
                return TableSight.Hidden(table, TableProblems.Disabled(table.Name));
            }

            standing.Say($"{table.Name} fits a pattern but was disabled in this trail; `afterimage enable {table.Name}` takes it up again.");
            return TableSight.Hidden(table);
        }

        var rivals = others.Where(sight => sight.Table.Name == table.Name).SelectMany(sight => sight.Streams).Select(stream => stream.Stream);
        return await watch.LookAsync(table, RegionOf(table.By), known, rivals, ct);
    }

    // At the first look somebody is there to mend what is wrong. Later it is said, and the others go on.
    private void Judge(IReadOnlyCollection<TableSight> round, int looks, List<Exception> failures, List<Problem> unfit, int followed)
    {
        var problems = round.SelectMany(sight => sight.Problems).Concat(followed == 0 && failures.Count == 0 ? unfit : []).ToList();
        if (!hasLooked && problems.Count > 0)
        {
            standing.Forget();
            throw new UsageException(problems);
        }

        if (failures.Count > 0 && (hasLooked ? looks == 0 && failures.TrueForAll(one => one is AwsException) : followed == 0))
        {
            standing.Forget();
            throw failures[0];
        }

        foreach (var problem in problems.Concat(unfit).Distinct())
        {
            standing.Say($"{problem.What} {problem.Hint}");
        }
    }

    private void Welcome(Dictionary<NamedTable, TableSight> round)
    {
        foreach (var (table, sight) in round.Where(one => hasLooked && one.Value.Streams.Count > 0))
        {
            var before = sights.GetValueOrDefault(table)?.Streams ?? [];
            if (before.Count == 0)
            {
                standing.Say($"{table.Name} is followed from now on.");
            }
            else if (sight.Streams[^1].Stream is var newest && before[^1].Stream != newest)
            {
                standing.Say($"{table.Name} has a new stream. It is read once {before[^1].Stream.Label} has been read to its end.");
            }
        }
    }

    private AccountRegion RegionOf(TableOptions options)
    {
        var region = regionOf(options);
        regions[region.Streams] = region;
        return region;
    }

    private TableRules RulesOf(string table) => wanted.FirstOrDefault(one => NamePattern.Fits(one.Name, table))?.Rules ?? TableRules.None;
}
