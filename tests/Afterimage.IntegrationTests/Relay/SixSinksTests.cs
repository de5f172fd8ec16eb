using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Afterimage.IntegrationTests.Support;
using Afterimage.Relay;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.Runtime;
using Amazon.S3;

namespace Afterimage.IntegrationTests.Relay;

/// <summary>The program with six sinks at once, killed on the way.</summary>
public sealed class SixSinksTests(OwnDatabase database, AwsForSinks aws) : IClassFixture<OwnDatabase>, IClassFixture<AwsForSinks>, IDisposable
{
    private const int Changes = 5_000;
    private const int Items = 100;
    private const int Writers = 10;
    private const int Kills = 3;
    private const string File = "entries.jsonl";

    private readonly FifoTargets fifo = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_sink_gets_every_entry_in_the_order_of_its_item_though_the_worker_is_killed_three_times()
    {
        using var client = await database.ClientAsync();
        using var folder = new TempFolder();
        var orders = await StreamedTable.CreateAsync(client, "Orders", ["id"], Ct);
        var targets = await TargetsAsync(client);
        await WriteConfigurationAsync(folder, orders, targets);

        var writing = Task.WhenAll(Enumerable.Range(0, Writers).Select(number => new Writer(client, orders.Name, number).WriteAsync()));
        for (var kill = 1; kill <= Kills; kill++)
        {
            using var worker = await StartAsync(folder, "run");
            await UntilLinesAsync(folder, kill * 700, worker);
            worker.Kill();
            await worker.WaitForExitAsync(Ct);
        }

        await writing;
        using var last = await StartAsync(folder, "run", "--drain");
        await last.WaitForExitAsync(Ct);
        last.ExitCode.ShouldBe(0);

        var (_, kept, error) = await AfterimageProcess.RunAsync(folder.Path, Ct, "search", "--json", "--limit", "1000000");
        var entries = Lines(kept).OrderBy(entry => entry.GetProperty("index").GetInt64()).ToList();
        entries.Count(IsChange).ShouldBe(Changes, error);
        Check(entries, Lines(await System.IO.File.ReadAllTextAsync(Path.Combine(folder.Path, File), Ct)), "file");
        Check(entries, await LogsAsync(targets.Group), "logs");
        Check(entries, fifo.Topic, "topic");
        Check(entries, fifo.Queue, "queue");
        Check(entries, await DeliveredAsync(targets.Bucket), "firehose", isOrdered: false);
        Check(entries, await StoredAsync(client, targets.Table), "table", isOrdered: false);
    }

    public void Dispose() => fifo.Dispose();

    private static void Check(List<JsonElement> entries, IReadOnlyList<JsonElement> arrived, string sink, bool isOrdered = true)
    {
        var first = arrived.DistinctBy(Id).ToList();
        first.Select(Id).ShouldBe(entries.Select(Id), ignoreOrder: true, sink);
        if (isOrdered)
        {
            foreach (var item in first.Where(IsChange).GroupBy(Item))
            {
                item.Select(Id).ShouldBe(entries.Where(IsChange).Where(entry => Item(entry) == item.Key).Select(Id), $"{sink}: {item.Key}");
            }
        }

        // These drop a repeat, so that a reader gets each once.
        if (sink is "topic" or "queue" or "table")
        {
            arrived.Count.ShouldBe(first.Count, sink);
        }
    }

    private static bool IsChange(JsonElement entry) => entry.GetProperty("kind").GetString() == "change";

    private static string Id(JsonElement entry) => entry.GetProperty("id").GetString()!;

    private static string Item(JsonElement entry) => entry.GetProperty("keys").GetRawText();

    private static List<JsonElement> Lines(string text) => [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line))];

    private static async Task UntilLinesAsync(TempFolder folder, int lines, Process worker)
    {
        var path = Path.Combine(folder.Path, File);
        while (!System.IO.File.Exists(path) || (await System.IO.File.ReadAllLinesAsync(path, Ct)).Length < lines)
        {
            worker.HasExited.ShouldBeFalse();
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Ct);
        }
    }

    private static async Task WriteConfigurationAsync(TempFolder folder, StreamedTable orders, Targets targets)
    {
        var configuration = new
        {
            tables = new[] { new { name = orders.Name } },
            sinks = new object[] { $"file:{File}", new { to = $"logs:{targets.Group}", retention = "30d" }, $"firehose:{targets.Stream}", "sns:arn:aws:sns:us-east-1:123456789012:audit.fifo", $"sqs:{targets.Queue}", $"table:{targets.Table}" },
        };
        await System.IO.File.WriteAllTextAsync(Path.Combine(folder.Path, "afterimage.json"), JsonSerializer.Serialize(configuration), Ct);
    }

    private async Task<Process> StartAsync(TempFolder folder, params string[] args)
    {
        var endpoint = (await database.EndpointAsync()).ToString();
        var process = AfterimageProcess.Start(folder.Path, new Dictionary<string, string> { ["AWS_ENDPOINT_URL"] = aws.Endpoint.ToString(), ["AWS_ENDPOINT_URL_SNS"] = fifo.Endpoint, ["AWS_ENDPOINT_URL_SQS"] = fifo.Endpoint }, [.. args, "--endpoint", endpoint]);
        _ = process.StandardOutput.ReadToEndAsync(Ct);
        _ = process.StandardError.ReadToEndAsync(Ct);
        return process;
    }

    private async Task<Targets> TargetsAsync(AmazonDynamoDBClient client)
    {
        var (bucket, stream) = (aws.Name("delivered"), aws.Name("audit"));
        using var s3 = S3();
        await s3.PutBucketAsync(bucket, Ct);
        await aws.CallAsync(AwsTarget.Firehose, "CreateDeliveryStream", new
        {
            DeliveryStreamName = stream,
            ExtendedS3DestinationConfiguration = new { RoleARN = "arn:aws:iam::123456789012:role/firehose", BucketARN = $"arn:aws:s3:::{bucket}" },
        });
        var table = await client.CreateTableAsync(
            new CreateTableRequest
            {
                TableName = $"AuditTrail-{Environment.ProcessId}",
                AttributeDefinitions = [new AttributeDefinition("EventId", ScalarAttributeType.S)],
                KeySchema = [new KeySchemaElement("EventId", KeyType.HASH)],
                BillingMode = BillingMode.PAY_PER_REQUEST,
            },
            Ct);
        return new Targets($"/audit/{aws.Name("orders")}", stream, bucket, $"{fifo.Endpoint}123456789012/audit.fifo", table.TableDescription.TableName);
    }

    private AmazonS3Client S3() => new(new BasicAWSCredentials("afterimage", "afterimage"), new AmazonS3Config { ServiceURL = aws.Endpoint.ToString(), ForcePathStyle = true, AuthenticationRegion = "us-east-1" });

    private async Task<List<JsonElement>> LogsAsync(string group)
    {
        var streams = await aws.CallAsync(AwsTarget.Logs, "DescribeLogStreams", new { logGroupName = group });
        var all = new List<JsonElement>();
        foreach (var stream in streams.GetProperty("logStreams").EnumerateArray().Select(one => one.GetProperty("logStreamName").GetString()).Order())
        {
            for (string? token = null, next = string.Empty; token != next;)
            {
                var page = await aws.CallAsync(AwsTarget.Logs, "GetLogEvents", next.Length == 0
                    ? (object)new { logGroupName = group, logStreamName = stream, startFromHead = true }
                    : new { logGroupName = group, logStreamName = stream, startFromHead = true, nextToken = next });
                all.AddRange(page.GetProperty("events").EnumerateArray().Select(one => JsonElement.Parse(one.GetProperty("message").GetString()!)));
                (token, next) = (next, page.GetProperty("nextForwardToken").GetString()!);
            }
        }

        return all;
    }

    private async Task<List<JsonElement>> DeliveredAsync(string bucket)
    {
        using var s3 = S3();
        var all = new List<JsonElement>();
        await foreach (var found in s3.Paginators.ListObjectsV2(new Amazon.S3.Model.ListObjectsV2Request { BucketName = bucket }).S3Objects)
        {
            using var answer = await s3.GetObjectAsync(bucket, found.Key, Ct);
            using var text = new StreamReader(answer.ResponseStream);
            all.AddRange(Lines(await text.ReadToEndAsync(Ct)));
        }

        return all;
    }

    private static async Task<List<JsonElement>> StoredAsync(AmazonDynamoDBClient client, string table)
    {
        var all = new List<JsonElement>();
        await foreach (var page in client.Paginators.Scan(new ScanRequest(table)).Responses)
        {
            all.AddRange(page.Items.Select(item => JsonSerializer.SerializeToElement(new { id = item["EventId"].S, kind = "stored" })));
        }

        return all;
    }

    // Each item has one writer, so that its changes have an order; deletes are among them.
    private sealed class Writer(IAmazonDynamoDB client, string table, int number)
    {
        public async Task WriteAsync()
        {
            const int OfWriter = Items / Writers;
            for (var change = 0; change < Changes / Writers; change++)
            {
                var id = new AttributeValue($"o{(number * OfWriter) + (change % OfWriter)}");
                var round = change / OfWriter;
                if (round % 7 == 6)
                {
                    await client.DeleteItemAsync(table, new Dictionary<string, AttributeValue> { ["id"] = id }, Ct);
                }
                else
                {
                    await client.PutItemAsync(table, new Dictionary<string, AttributeValue> { ["id"] = id, ["n"] = new() { N = round.ToString(CultureInfo.InvariantCulture) } }, Ct);
                }
            }
        }
    }

    private sealed record Targets(string Group, string Stream, string Bucket, string Queue, string Table);
}
