using System.Diagnostics;
using System.Globalization;
using Afterimage.Streams.Aws;
using Afterimage.Streams.Reading;
using Afterimage.Streams.Records;
using Afterimage.Streams.Shards;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.Runtime;

namespace Afterimage.Bench;

/// <summary>
/// What it costs to ask a shard that says nothing, over TLS: the worker in turn with a client on the SDK that has a loop for each shard. The
/// service is a stub in another process, whose work is not counted.
/// </summary>
internal static class IdlePolls
{
    private const int Shards = 300;
    private const int Rounds = 3;

    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Measured = TimeSpan.FromSeconds(10);

    /// <summary>Starts the stub here, and the measurement in a process of its own that trusts it.</summary>
    public static async Task RunAsync(TimeProvider clock, CancellationToken ct)
    {
        await using var stub = StreamsStub.Start(Shards, clock);
        var start = new ProcessStartInfo(Environment.ProcessPath!, [typeof(IdlePolls).Assembly.Location, "idle-polls", stub.Endpoint.ToString()]);
        start.Environment["SSL_CERT_FILE"] = stub.CertificateFile;
        using var measurement = Process.Start(start)!;
        await measurement.WaitForExitAsync(ct);
    }

    /// <summary>Measures both, one after the other, some times.</summary>
    public static async Task MeasureAsync(Uri endpoint, TimeProvider clock, CancellationToken ct)
    {
        // The first round is for the compiler.
        var (sdk, ours) = (new List<double>(), new List<double>());
        for (var round = 0; round <= Rounds; round++)
        {
            sdk.Add(await MeasureAsync("SDK, a loop a shard", (count, end) => PollWithSdkAsync(endpoint, count, clock, end), clock, ct));
            ours.Add(await MeasureAsync("StreamsWorker", (count, end) => PollWithWorkerAsync(endpoint, count, clock, end), clock, ct));
        }

        var (ofSdk, mine) = (Median(sdk[1..]), Median(ours[1..]));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"median of {Rounds}: SDK {ofSdk:F0} us of CPU a poll, StreamsWorker {mine:F0} us ({mine / ofSdk:P0}); one core follows {1_000_000 / mine:F0} shards at a poll a second"));
    }

    private static async Task<double> MeasureAsync(string name, Func<Action, CancellationToken, Task> poll, TimeProvider clock, CancellationToken ct)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var polls = 0;
        var polling = poll(() => Interlocked.Increment(ref polls), end.Token);
        await Task.WhenAny(polling, Task.Delay(WarmUp, clock, ct));
        GC.Collect();
        var (before, cpu, started) = (Volatile.Read(ref polls), Environment.CpuUsage.TotalTime, clock.GetTimestamp());
        await Task.WhenAny(polling, Task.Delay(Measured, clock, ct));
        var (made, used, took) = (Volatile.Read(ref polls) - before, Environment.CpuUsage.TotalTime - cpu, clock.GetElapsedTime(started));
        await end.CancelAsync();
        await polling;
        var each = used.TotalMicroseconds / made;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-20} {made / took.TotalSeconds,6:F0} polls/s  {each,6:F0} us of CPU a poll"));
        return each;
    }

    // The streams API is not in the SDK's package here: another call of the same client, with a request and an answer as long as those of an empty poll.
    private static async Task PollWithSdkAsync(Uri endpoint, Action count, TimeProvider clock, CancellationToken end)
    {
        var config = new AmazonDynamoDBConfig { ServiceURL = endpoint.ToString(), AuthenticationRegion = "us-east-1" };
        using var client = new AmazonDynamoDBClient(new BasicAWSCredentials("afterimage", "afterimage"), config);
        await Task.WhenAll(Enumerable.Range(0, Shards).Select(async shard =>
        {
            var key = new Dictionary<string, AttributeValue> { ["id"] = new($"{shard}{StreamsStub.Iterator}") };
            try
            {
                // Shards are not found at the same moment, and their loops drift apart: the stub spreads those of the worker likewise.
                await Task.Delay(Every * shard / Shards, clock, end);
                while (true)
                {
                    await client.GetItemAsync("Orders", key, end);
                    count();
                    await Task.Delay(Every, clock, end);
                }
            }
            catch (OperationCanceledException) when (end.IsCancellationRequested)
            {
                // The end of the measurement.
            }
        }));
    }

    private static async Task PollWithWorkerAsync(Uri endpoint, Action count, TimeProvider clock, CancellationToken end)
    {
        var keys = new Dictionary<string, string> { ["AWS_ACCESS_KEY_ID"] = "afterimage", ["AWS_SECRET_ACCESS_KEY"] = "afterimage", ["AWS_REGION"] = "us-east-1" };
        using var aws = AwsAccess.Create(new AwsSettings(Endpoint: endpoint.ToString()), keys.GetValueOrDefault, clock, new Random(1));
        var options = new WorkerOptions { Pacing = new PacingOptions(Every, Every) };
        var worker = new StreamsWorker(new CountingJournal(int.MaxValue), options, new Silent(), clock, new Random(1));
        var access = new StreamsAccess(new CountedPolls(aws.Streams, count), clock);
        await worker.RunAsync(new FixedStreams(new FollowedStream(new StreamArn(StreamsStub.Arn), null, StartFrom.TrimHorizon, access)), end, CancellationToken.None);
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private sealed class CountedPolls(IStreamsApi api, Action count) : IStreamsApi
    {
        public Task<StreamDescription> DescribeStreamAsync(StreamArn stream, ShardId? after, ShardId? childrenOf, CancellationToken ct) =>
            api.DescribeStreamAsync(stream, after, childrenOf, ct);

        public Task<string> GetShardIteratorAsync(StreamArn stream, ShardId shard, SequenceNumber? after, CancellationToken ct) =>
            api.GetShardIteratorAsync(stream, shard, after, ct);

        public Task<RecordsPage> GetRecordsAsync(string iterator, CancellationToken ct)
        {
            count();
            return api.GetRecordsAsync(iterator, ct);
        }

        public Task<StreamsPage> ListStreamsAsync(string? table, StreamArn? after, CancellationToken ct) => api.ListStreamsAsync(table, after, ct);
    }

    private sealed class Silent : IProgress<WorkerNotice>
    {
        public void Report(WorkerNotice value)
        {
        }
    }
}
