using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Afterimage.App.Demo;
using Afterimage.Capture;
using Afterimage.Entries;
using Afterimage.Sealing;
using Afterimage.Streams.Aws;
using Afterimage.Streams.Reading;
using Afterimage.Streams.Records;
using Afterimage.Streams.Shards;
using Afterimage.Trail;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using AttributeValue = Amazon.DynamoDBv2.Model.AttributeValue;

namespace Afterimage.Bench;

/// <summary>
/// 20,000 changes from DynamoDB Local into SQLite, in turn with a reader that only reads and with a sealer beside: what is left between them is what keeping and sealing cost.
/// </summary>
internal static class EndToEnd
{
    private const int Changes = 20_000;
    private const int Items = 5_000;
    private const int Rounds = 15;
    private const string Table = "Orders";

    // Twenty times as often as a trail is sealed: a round lasts about a second.
    private static readonly TimeSpan SealEvery = TimeSpan.FromMilliseconds(500);

    public static async Task RunAsync(TimeProvider clock, CancellationToken ct)
    {
        await using var local = await DynamoDbLocal.StartAsync(Console.Error, clock, ct);
        var keys = new Dictionary<string, string> { ["AWS_ACCESS_KEY_ID"] = "afterimage", ["AWS_SECRET_ACCESS_KEY"] = "afterimage", ["AWS_REGION"] = "us-east-1" };
        var random = new Random(1);
        using var aws = AwsAccess.Create(new AwsSettings(Endpoint: local.Endpoint.ToString()), keys.GetValueOrDefault, clock, random);
        var stream = await WriteAsync(aws.DynamoDb, ct);
        var results = new List<(Result Reading, Result Keeping, Result Sealing)>();
        for (var round = 0; round < Rounds; round++)
        {
            var reading = new CountingJournal(Changes);
            var alone = await MeasureAsync(reading, reading.Done, aws, stream, clock, random, ct);
            var keeping = await KeepAsync(aws, stream, clock, random, round == 0 ? reading.Bytes : null, isSealed: false, ct);
            results.Add((alone, keeping, await KeepAsync(aws, stream, clock, random, null, isSealed: true, ct)));
        }

        Print("only reading", [.. results.Select(result => result.Reading)]);
        Print("keeping", [.. results.Select(result => result.Keeping)]);
        Print("and sealing", [.. results.Select(result => result.Sealing)]);
    }

    private static async Task<Result> KeepAsync(AwsAccess aws, StreamArn stream, TimeProvider clock, Random random, long? delivered, bool isSealed, CancellationToken ct)
    {
        var folder = Directory.CreateTempSubdirectory("afterimage-bench-");
        try
        {
            var path = Path.Combine(folder.FullName, "trail.db");
            await using var trail = await Trails.OpenFileAsync($"sqlite:{path}", OpenMode.CreateOrWrite, ct);
            var told = new Told(Changes);
            using var recorder = new Recorder(trail, _ => TableRules.None, told, RandomNumberGenerator.GetBytes);
            using var key = SealingKeys.Open($"file:{path}.key", OpenMode.CreateOrWrite, new AwsSettings(), _ => null);
            var sealer = new Sealer(trail, await trail.NameAsync("bench", ct), key, [], clock);
            using var end = CancellationTokenSource.CreateLinkedTokenSource(ct);
            var sealing = isSealed ? new SealingLoop(trail, sealer, SealEvery, clock).RunAsync(new Unsealed(), end.Token) : Task.CompletedTask;
            var result = await MeasureAsync(recorder, told.Done, aws, stream, clock, random, ct);
            await end.CancelAsync();
            await sealing;
            await trail.DisposeAsync();
            if (delivered is { } raw)
            {
                var bytes = new FileInfo(path).Length;
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"on disk {bytes / (double)Changes:F0} bytes an entry, as delivered {raw / (double)Changes:F0}"));
            }

            return result;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<Result> MeasureAsync(
        IShardJournal journal, Task done, AwsAccess aws, StreamArn stream, TimeProvider clock, Random random, CancellationToken ct)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var worker = new StreamsWorker(journal, new WorkerOptions(), new Silent(), clock, random);
        GC.Collect();
        using var process = Process.GetCurrentProcess();
        var (start, cpu) = (clock.GetTimestamp(), process.TotalProcessorTime);
        var running = worker.RunAsync(new FixedStreams(new FollowedStream(stream, null, StartFrom.TrimHorizon, new StreamsAccess(aws.Streams, clock))), end.Token, ct);
        await Task.WhenAny(done, running);
        process.Refresh();
        var result = new Result(clock.GetElapsedTime(start), process.TotalProcessorTime - cpu);
        await end.CancelAsync();
        await running;
        return result;
    }

    private static async Task<StreamArn> WriteAsync(IAmazonDynamoDB client, CancellationToken ct)
    {
        var made = await client.CreateTableAsync(
            new CreateTableRequest
            {
                TableName = Table,
                AttributeDefinitions = [new AttributeDefinition("id", ScalarAttributeType.S)],
                KeySchema = [new KeySchemaElement("id", KeyType.HASH)],
                BillingMode = BillingMode.PAY_PER_REQUEST,
                StreamSpecification = new StreamSpecification { StreamEnabled = true, StreamViewType = StreamViewType.NEW_AND_OLD_IMAGES },
            },
            ct);
        for (var change = 0; change < Changes; change += 25)
        {
            var puts = Enumerable.Range(change, 25).Select(number => new WriteRequest(new PutRequest(Item(number))));
            await client.BatchWriteItemAsync(new BatchWriteItemRequest(new Dictionary<string, List<WriteRequest>> { [Table] = [.. puts] }), ct);
        }

        return new StreamArn(made.TableDescription.LatestStreamArn);
    }

    private static Dictionary<string, AttributeValue> Item(int change)
    {
        var number = (change % Items).ToString(CultureInfo.InvariantCulture);
        return new Dictionary<string, AttributeValue>
        {
            ["id"] = new($"order-{number}"),
            ["status"] = new(change < Items ? "PENDING" : $"STEP {change / Items}"),
            ["total"] = new() { N = $"{number}.95" },
            ["customerEmail"] = new($"somebody.{number}@shop.example.com"),
            ["note"] = new($"leave it with the neighbours at number {number}, please"),
            ["address"] = new() { M = new() { ["street"] = new($"{number} High Street"), ["city"] = new("Springfield"), ["country"] = new("GB") } },
            ["lines"] = new() { L = [Line(number, "A"), Line(number, "B")] },
            ["updatedBy"] = new($"clerk-{change % 17}"),
        };
    }

    private static AttributeValue Line(string number, string shelf) =>
        new() { M = new() { ["sku"] = new($"{shelf}-{number}"), ["quantity"] = new() { N = "2" }, ["price"] = new() { N = "19.95" } } };

    private static void Print(string name, List<Result> results)
    {
        var fastest = results.MinBy(result => result.Wall)!;
        var median = results.OrderBy(result => result.Wall).ElementAt(Rounds / 2);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name,-14} fastest {Changes / fastest.Wall.TotalSeconds,7:F0} records/s, median {Changes / median.Wall.TotalSeconds,7:F0}, {results.Min(result => result.Cpu.TotalMicroseconds) / Changes,5:F1} us of CPU a record"));
    }

    private sealed record Result(TimeSpan Wall, TimeSpan Cpu);

    private sealed class Told(int wanted) : IProgress<KeptBatch>
    {
        private readonly TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int kept;

        public Task Done => done.Task;

        public void Report(KeptBatch value)
        {
            kept += value.Count;
            if (kept >= wanted)
            {
                done.TrySetResult();
            }
        }
    }

    private sealed class Unsealed : IProgress<AfterimageException?>
    {
        public void Report(AfterimageException? value) => Console.Error.WriteLine(value?.Message);
    }

    private sealed class Silent : IProgress<WorkerNotice>
    {
        public void Report(WorkerNotice value)
        {
        }
    }
}
