using Afterimage.Entries;
using Afterimage.Streams.Aws;
using Afterimage.Streams.Reading;
using Afterimage.Streams.Records;
using Afterimage.Streams.Shards;
using Afterimage.Trail;

namespace Afterimage.Capture;

/// <summary>Looks at one table: which of its streams are to be read now, by what the service says of it and what the trail knows.</summary>
internal sealed class TableWatch(Func<string, TableRules> rulesOf, ITableLedger ledger, StandingNotices notices)
{
    /// <summary>Looks.</summary>
    /// <param name="wanted">The table.</param>
    /// <param name="region">Where it is.</param>
    /// <param name="known">What the trail knows.</param>
    /// <param name="rivals">Streams of tables of the same name that are followed elsewhere.</param>
    /// <param name="ct">Abandons the look.</param>
    public async Task<TableSight> LookAsync(NamedTable wanted, AccountRegion region, KnownTables known, IEnumerable<StreamArn> rivals, CancellationToken ct)
    {
        var name = wanted.Name;
        var table = await region.Tables.DescribeAsync(name, ct);
        if (known.Tables.All(one => one.Name != name))
        {
            // Another process may have met the table first, and an older stream of it.
            known = await ledger.ReadAsync(ct);
        }

        var row = known.Tables.FirstOrDefault(one => one.Name == name);
        var streams = known.StreamsOf(name);
        var newest = StreamChain.Newest(streams, row?.Stream);
        if (table is not null && TableProblems.Of(table, rulesOf(name), streams.Select(one => one.Stream).Concat(rivals)).ToList() is { Count: > 0 } problems)
        {
            return TableSight.Hidden(wanted, problems);
        }

        if (table is not null && (TableProblems.OfStream(table, row) ?? TableProblems.OfStamps(row, rulesOf(name))) is { } both)
        {
            return TableSight.Hidden(wanted, both);
        }

        // A stream that it had before is read to its end all the same.
        var isByTransactions = row is { Followed: true, Transactions.Intake: not null };

        if (table?.LatestStream is null && newest is null)
        {
            if (isByTransactions)
            {
                return TableSight.Hidden(wanted) with { IsByTransactions = true };
            }

            var lack = table is null ? TableProblems.NotThere(name) : TableProblems.NoStream(name);
            return wanted.IsOutright ? TableSight.Hidden(wanted, lack) : TableSight.Hidden(wanted) with { Lacks = lack };
        }

        if (!isByTransactions)
        {
            Say(table, name);
        }

        var chain = await ChainAsync(name, region, streams, newest, table?.LatestStream, ct);
        var followed = chain.Select(link => new FollowedStream(link.Stream, link.Previous, link.Previous is null ? wanted.By.StartFrom : StartFrom.TrimHorizon, region.Streams));
        return new TableSight(wanted, [.. followed], table is null ? null : RowOf(table, row, newest), table?.LatestStream, []) { RowSeen = row, IsByTransactions = isByTransactions };
    }

    private void Say(TableDescription? table, string name)
    {
        var what = table switch
        {
            null => $"There is no table {name} any more. What its last stream still holds is read, and the table is looked for.",
            { LatestStream: null } => $"{name} was made anew and has no stream yet. To switch it on: afterimage enable {name}",
            _ => TableProblems.WarningOf(table),
        };
        if (what is not null)
        {
            notices.Say(what);
        }
    }

    private async Task<IReadOnlyList<StreamChain.Link>> ChainAsync(
        string name, AccountRegion region, IReadOnlyList<KnownStream> streams, StreamArn? newest, StreamArn? latest, CancellationToken ct)
    {
        if (newest is null || newest == latest)
        {
            return StreamChain.Of(streams, newest, [], latest);
        }

        try
        {
            // Between the last stream that is known and the one there now others may have come and gone.
            return StreamChain.Of(streams, newest, await ListAsync(region.Streams.Api, name, ct), latest);
        }
        catch (AwsException e)
        {
            // Until that is known the newest stream has to wait: its changes come after theirs.
            notices.Fail($"{name}: listing its streams", e);
            return StreamChain.Of(streams, newest, [], null);
        }
    }

    private static async Task<IReadOnlyList<StreamArn>> ListAsync(IStreamsApi api, string table, CancellationToken ct)
    {
        var streams = new List<StreamArn>();
        StreamArn? after = null;
        do
        {
            var page = await api.ListStreamsAsync(table, after, ct);
            streams.AddRange(page.Streams);
            after = page.LastEvaluatedStream;
        }
        while (after is not null);
        return streams;
    }

    // The row names the newest stream that was begun: after a restart it tells which one came before.
    private static TrailTable? RowOf(TableDescription table, TrailTable? before, StreamArn? newest)
    {
        var row = TableProblems.Row(table, newest ?? table.LatestStream) with { Transactions = before?.Transactions };
        return row == before ? null : row;
    }
}
