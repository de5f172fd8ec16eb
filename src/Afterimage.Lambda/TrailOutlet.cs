using Afterimage.Capture;
using Afterimage.Streams.Aws;
using Afterimage.Trail;

namespace Afterimage.Lambda;

/// <summary>Keeps records in a trail.</summary>
/// <param name="trail">Where entries are kept.</param>
/// <param name="recorder">Makes entries of records.</param>
/// <param name="clock">Says when a record came that hides its own time.</param>
/// <param name="log">Is told what happened.</param>
internal sealed class TrailOutlet(ITrail trail, IntakeRecorder recorder, TimeProvider clock, FunctionLog log) : IOutlet
{
    private readonly HashSet<string> takenUp = [];

    /// <inheritdoc/>
    public async Task TakeAsync(IReadOnlyList<EventRecord> records, Call call, CancellationToken ct)
    {
        foreach (var run in Runs(records))
        {
            await KeepAsync(run, call, ct);
        }

        log.Info("Records are kept.", ("requestId", call.RequestId), ("kept", records.Count - call.Failures), ("failed", call.Failures));
    }

    // Records that follow each other and are of one stream, or of none.
    private static IEnumerable<List<EventRecord>> Runs(IReadOnlyList<EventRecord> records)
    {
        for (var at = 0; at < records.Count;)
        {
            var run = records.Skip(at).TakeWhile(record => record.Stream == records[at].Stream).ToList();
            at += run.Count;
            yield return run;
        }
    }

    // What fails as a whole is cut in two, down to the record that it fails for. What may not overtake a failure comes again with it.
    private async Task KeepAsync(List<EventRecord> run, Call call, CancellationToken ct)
    {
        var open = run.FindAll(record => !call.Waits(record));
        run.FindAll(call.Waits).ForEach(call.Fail);
        if (open.Count == 0)
        {
            return;
        }

        if (open[0].Stream is not { } stream)
        {
            open.ForEach(call.Refuse);
            return;
        }

        try
        {
            await DemandTakenUpAsync(stream.Table, ct);
            var outcomes = await recorder.PutAsync(stream, [.. open.Select(record => record.Raw)], clock.GetUtcNow(), ct);
            foreach (var (record, _) in open.Zip(outcomes).Where(pair => pair.Second == IntakeOutcome.Differs))
            {
                log.Warning("The trail holds this change with other values. What it holds stays: find out which is true.", ("requestId", call.RequestId), ("stream", stream.Value), ("record", record.Identifier));
            }
        }
        catch (Exception e) when (e is AfterimageException or AwsException or HttpRequestException or OperationCanceledException)
        {
            if (open.Count == 1 || ct.IsCancellationRequested)
            {
                log.Error("A record could not be kept. It comes again.", e, ("requestId", call.RequestId), ("stream", stream.Value), ("record", open[0].Identifier));
                open.ForEach(call.Fail);
                return;
            }

            var half = open.Count / 2;
            await KeepAsync(open[..half], call, ct);
            await KeepAsync(open[half..], call, ct);
        }
    }

    // The keys of a table are in none of its records: the trail must have been told of them.
    private async Task DemandTakenUpAsync(string table, CancellationToken ct)
    {
        if (!takenUp.Contains(table))
        {
            takenUp.UnionWith((await trail.TablesAsync(ct)).Select(known => known.Name));
        }

        if (!takenUp.Contains(table))
        {
            throw new AfterimageException($"The trail was never told of the table {table}.", $"Run: afterimage enable {table} --trail dynamodb:TABLE, with this trail. Its records come again until then.");
        }
    }
}
