using Afterimage.Streams.Aws;
using Afterimage.Streams.Reading;
using Afterimage.Streams.Records;
using Afterimage.Streams.Shards;

namespace Afterimage.Streams.Hosting;

/// <summary>
/// The streams of tables that are named, of one account and region: those that the journal knows and that are still there, and those that
/// came after them, each once the one before is over.
/// </summary>
/// <remarks>
/// No patterns, and no roles for each table. A stream that was switched off and deleted by DynamoDB a day later, all while this process was
/// down, is not missed: a journal is asked about streams, and cannot name those it knows.
/// </remarks>
internal sealed class TableStreams(
    IReadOnlyList<string> tables, StartFrom from, ITableLookup lookup, StreamsAccess access, IShardJournal journal, IProgress<WorkerNotice> notices, TimeProvider time) : IStreamSource
{
    private readonly Dictionary<string, IReadOnlyList<StreamArn>> chains = new(StringComparer.Ordinal);
    private readonly Dictionary<StreamArn, DateTimeOffset> lastSigns = [];
    private HashSet<string> said = new(StringComparer.Ordinal);
    private bool hasLooked;

    /// <inheritdoc/>
    /// <exception cref="AwsConfigurationException">At the first look: every table that does not exist or has no stream.</exception>
    public async Task<IReadOnlyList<FollowedStream>> LookAsync(CancellationToken ct)
    {
        var failures = new List<AwsException>();
        var lacks = new List<string>();
        var news = new List<string>();
        foreach (var table in tables)
        {
            try
            {
                lacks.AddRange(await LookAtAsync(table, ct) is { } lack ? [lack] : []);
            }
            catch (AwsException e)
            {
                failures.Add(e);
                news.Add($"{table} cannot be looked at, and is followed by what was known of it: {e.Message}");
            }
        }

        // What nobody can look at is no stream that is let go.
        if (failures.Count == tables.Count)
        {
            throw failures[0];
        }

        if (!hasLooked && lacks.Count > 0)
        {
            throw new AwsConfigurationException(string.Join(' ', lacks), "Check the region, and switch the streams on with both images (StreamViewType NEW_AND_OLD_IMAGES).");
        }

        hasLooked = true;
        SayOnce([.. news, .. lacks]);
        return [.. chains.Values.SelectMany(chain => chain.Select((stream, at) => new FollowedStream(
            stream, at == 0 ? null : chain[at - 1], at == 0 ? from : StartFrom.TrimHorizon, access)))];
    }

    /// <inheritdoc/>
    public async Task<bool> IsGoneAsync(FollowedStream stream, CancellationToken ct)
    {
        var table = await lookup.DescribeAsync(stream.Stream.Table, ct);

        // DynamoDB keeps a stream for a day after it was switched off: one that was there later than that cannot be gone. Then it is another
        // endpoint, or a test server that was started anew.
        return (table?.LatestStream != stream.Stream || !table.StreamEnabled) && Retention.MayHaveTrimmed(lastSigns[stream.Stream], time.GetUtcNow());
    }

    // What the table lacks, for people; null where it lacks nothing.
    private async Task<string?> LookAtAsync(string name, CancellationToken ct)
    {
        var table = await lookup.DescribeAsync(name, ct);
        if (table?.LatestStream is not { } latest)
        {
            return table is null ? $"There is no table {name}." : $"{name} has no stream.";
        }

        var chain = await ChainAsync(chains.GetValueOrDefault(name) ?? [], latest, ct);
        chains[name] = chain;
        foreach (var stream in chain.Where(stream => !lastSigns.ContainsKey(stream) || (stream == latest && table.StreamEnabled)))
        {
            lastSigns[stream] = time.GetUtcNow();
        }

        return table.StreamEnabled ? null : $"The stream of {name} is switched off: what it still holds is read, and what is written now is in no stream.";
    }

    private async Task<IReadOnlyList<StreamArn>> ChainAsync(IReadOnlyList<StreamArn> before, StreamArn latest, CancellationToken ct)
    {
        if (before.Contains(latest))
        {
            return before;
        }

        // Between the last one that is known and the newest others may have come and gone.
        var listed = (await ListAsync(latest.Table, ct)).Append(latest).Distinct().OrderBy(stream => stream.Label, StringComparer.Ordinal).ToList();
        if (before.Count > 0)
        {
            return [.. before, .. listed.Where(stream => string.CompareOrdinal(stream.Label, before[^1].Label) > 0)];
        }

        while (listed[0] != latest && !await IsKnownAsync(listed[0], ct))
        {
            listed.RemoveAt(0);
        }

        return listed;
    }

    private async Task<bool> IsKnownAsync(StreamArn stream, CancellationToken ct) =>
        await journal.ReadAsync(stream, ct) is var known && (known.Beginning is not null || known.Shards.Count > 0);

    private async Task<IReadOnlyList<StreamArn>> ListAsync(string table, CancellationToken ct)
    {
        var streams = new List<StreamArn>();
        StreamArn? after = null;
        do
        {
            var page = await access.Api.ListStreamsAsync(table, after, ct);
            streams.AddRange(page.Streams);
            after = page.LastEvaluatedStream;
        }
        while (after is not null);
        return streams;
    }

    private void SayOnce(IReadOnlyList<string> news)
    {
        foreach (var what in news.Where(what => !said.Contains(what)))
        {
            notices.Report(new WorkerNotice.Noted(what));
        }

        said = new HashSet<string>(news, StringComparer.Ordinal);
    }
}
