using System.Text.Json;
using Afterimage.Capture;
using Afterimage.Hosting;
using Afterimage.Streams.Aws;
using Afterimage.Trail;

namespace Afterimage.Lambda;

/// <summary>The function: keeps the records of each call in the trail, and says from where on they must come again.</summary>
/// <param name="trail">Where entries are kept.</param>
/// <param name="recorder">Makes entries of records.</param>
/// <param name="clock">Tells how long a call may take.</param>
/// <param name="log">Is told what happened.</param>
internal sealed class StreamFunction(ITrail trail, IntakeRecorder recorder, TimeProvider clock, FunctionLog log) : IAsyncDisposable
{
    // So much of a call's time is left for its answer.
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(1);

    private readonly HashSet<string> takenUp = [];

    /// <summary>Opens the trail that the environment names.</summary>
    /// <exception cref="AfterimageException">What is configured is wrong, or the trail is not there.</exception>
    public static async Task<StreamFunction> OpenAsync(
        Func<string, string?> environment, TimeProvider clock, Random random, Func<int, byte[]> secrets, FunctionLog log, CancellationToken ct)
    {
        var options = EnvironmentSettings.Apply(await OptionsAsync(environment, ct), environment);
        if (!Trails.IsInTable(options.Trail))
        {
            throw new UsageException($"'{options.Trail}' is not a trail that a function can write to.", "Set AFTERIMAGE_TRAIL to dynamodb:TABLE: what a function keeps must outlive it.");
        }

        var aws = new AwsSettings(options.Region, options.Profile, options.TrailEndpoint ?? options.Endpoint);
        var trail = await Trails.OpenAsync(options.Trail, OpenMode.CreateOrWrite, new TrailSite(aws, environment, clock, random, secrets), ct);
        return new StreamFunction(trail, new IntakeRecorder(trail, options.RulesOf, secrets), clock, log);
    }

    /// <summary>Answers one call.</summary>
    public async Task AnswerAsync(Invocation invocation, RuntimeApi api, CancellationToken ct)
    {
        try
        {
            await api.AnswerAsync(invocation, await RunAsync(invocation, ct), ct);
        }
        catch (FormatException e)
        {
            log.Error("The event is refused.", e, ("requestId", invocation.RequestId));
            await api.FailAsync(invocation, e, ct);
        }
    }

    /// <summary>Keeps the records of a call.</summary>
    /// <returns>The answer: which records must come again, as <c>ReportBatchItemFailures</c> takes it.</returns>
    /// <exception cref="FormatException">The event is none of a stream or a queue.</exception>
    public async Task<byte[]> RunAsync(Invocation invocation, CancellationToken ct)
    {
        var records = FunctionEvent.Read(invocation.Payload);
        using var inTime = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var left = invocation.Deadline - clock.GetUtcNow() - AnswerTime;
        await using var timer = clock.CreateTimer(_ => inTime.Cancel(), null, left > TimeSpan.Zero ? left : Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        if (left <= TimeSpan.Zero)
        {
            await inTime.CancelAsync();
        }

        var call = new Call(invocation.RequestId);
        foreach (var run in Runs(records))
        {
            await KeepAsync(run, call, inTime.Token);
            ct.ThrowIfCancellationRequested();
        }

        log.Info("Records are kept.", ("requestId", invocation.RequestId), ("kept", records.Count - call.Failed.Count), ("failed", call.Failed.Count));

        // Of a stream everything from the lowest failure on comes again; of a queue each message is named.
        var named = call.Failed.DistinctBy(record => record.IsMessage ? record.Identifier : string.Empty);
        return JsonSerializer.SerializeToUtf8Bytes(new { batchItemFailures = named.Select(record => new { itemIdentifier = record.Identifier }) });
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => trail.DisposeAsync();

    private static async Task<AfterimageOptions> OptionsAsync(Func<string, string?> environment, CancellationToken ct)
    {
        var named = environment(EnvironmentSettings.ConfigFile) is { Length: > 0 } given ? Path.Combine(AppContext.BaseDirectory, given) : null;
        var path = named ?? Path.Combine(AppContext.BaseDirectory, ConfigurationFile.DefaultPath);
        if (File.Exists(path))
        {
            return ConfigurationFile.Read(path, await File.ReadAllBytesAsync(path, ct));
        }

        // Without the file that somebody named, what it says to redact would be kept.
        return named is null
            ? new AfterimageOptions()
            : throw new UsageException($"{path} is not there.", $"Put it into the package, or take {EnvironmentSettings.ConfigFile} from the function's environment.");
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
        call.Failed.AddRange(run.Except(open));
        if (open.Count == 0)
        {
            return;
        }

        if (open[0].Stream is not { } stream)
        {
            open.ForEach(record => Refuse(record, call));
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

    private void Refuse(EventRecord record, Call call)
    {
        log.Warning("A message is not a record of a stream. It stays in the queue.", ("requestId", call.RequestId), ("messageId", record.Identifier), ("reason", record.Foreign));
        call.Fail(record);
    }

    private sealed record Call(string RequestId)
    {
        private readonly HashSet<string> orders = [];

        public List<EventRecord> Failed { get; } = [];

        public bool Waits(EventRecord record) => orders.Contains(record.Order);

        public void Fail(EventRecord record)
        {
            Failed.Add(record);
            orders.Add(record.Order);
        }
    }
}
