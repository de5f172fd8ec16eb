using System.Text;
using System.Text.Json;
using Afterimage.IntegrationTests.Relay;
using Afterimage.IntegrationTests.Support;
using Afterimage.Stamp;
using Afterimage.Tests.Support;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.S3;

namespace Afterimage.IntegrationTests.Permissions;

/// <summary>One story in which everybody who needs rights does all of their work, each under the policy that the program prints for them and nothing else.</summary>
public sealed class PolicedRun(LocalDatabase database) : IAsyncDisposable
{
    private const string Account = "123456789012";
    private const string Witness = "policed-witness";

    private readonly AwsForSinks aws = new();
    private readonly TempFolder folder = new();
    private readonly FakeKms kms = new();
    private readonly MotoPolicies moto = MotoPolicies.Start();
    private readonly Dictionary<string, PolicedAws> doors = new(StringComparer.Ordinal);
    private Task? told;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Whether moto's policy engine allows all of this.</summary>
    internal async Task<bool> MotoPermitsAsync(JudgedPolicy policy, IReadOnlyList<AskedRight> rights) => (await moto.PermitsAsync(policy, rights)).All(permitted => permitted);

    /// <summary>The way of one role to AWS, after the story was told.</summary>
    internal async Task<PolicedAws> DoorOfAsync(string role)
    {
        await (told ??= TellAsync());
        return doors[role];
    }

    /// <summary>Runs the program as a role.</summary>
    private async Task<string> RunAsync(string role, int exitCode, params string[] args)
    {
        using var process = AfterimageProcess.Start(folder.Path, new Dictionary<string, string> { ["AWS_ENDPOINT_URL"] = doors[role].Endpoint, ["AFTERIMAGE_TRACE"] = "1" }, args);
        var output = process.StandardOutput.ReadToEndAsync(Ct);
        var error = process.StandardError.ReadToEndAsync(Ct);
        await process.WaitForExitAsync(Ct);
        process.ExitCode.ShouldBe(exitCode, $"{role}: {string.Join(' ', args)}: {await output}{await error}{string.Join('\n', doors[role].Failures)}");
        return await output;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var door in doors.Values)
        {
            await door.DisposeAsync();
        }

        await aws.DisposeAsync();
        kms.Dispose();
        moto.Dispose();
        folder.Dispose();
    }

    private async Task TellAsync()
    {
        await aws.InitializeAsync();
        using var client = await database.ClientAsync();
        var endpoint = await database.EndpointAsync();
        var orders = await StreamedTable.CreateAsync(client, "Policed", ["customer", "order"], Ct);
        await ConfigureAsync($"Policed-{Environment.ProcessId}-*");
        await SetUpAsync(orders, endpoint);
        using var printed = JsonDocument.Parse(await SucceedAsync(["iam", "--account", Account]));
        foreach (var role in printed.RootElement.EnumerateObject())
        {
            doors[role.Name] = new PolicedAws(JudgedPolicy.Read(role.Value.Clone()), moto, service => service switch
            {
                "dynamodb" => endpoint,
                "kms" => new Uri(kms.Endpoint),
                _ => aws.Endpoint,
            });
        }

        await WriteAsync(client, orders.Name, 1);
        await RunAsync("worker", 0, "run", "--drain");
        await AuditedAsync(client, orders.Name);
        await HandOverAsync(orders, endpoint);
        await SwitchAsync(client, orders.Name, on: false);
        await SwitchAsync(client, orders.Name, on: true);
        await WriteAsync(client, orders.Name, 2);
        await RunAsync("worker", 0, "run", "--drain");
        await AskAsync(orders.Name);

        // Between its two streams the table had none, which is a gap.
        await RunAsync("verifier", 4, "verify", "--stream");
    }

    private async Task ConfigureAsync(string tables)
    {
        var topic = await aws.TopicAsync("policed.fifo");
        var queue = await aws.QueueAsync("policed");
        var stream = new { to = "firehose:policed", bucket = Witness, role = $"arn:aws:iam::{Account}:role/firehose", startFrom = "TRIM_HORIZON" };
        object[] sinks =
        [
            stream,
            new { to = $"table:PolicedAudit-{Environment.ProcessId}", startFrom = "TRIM_HORIZON" },
            new { to = $"sns:{topic}", startFrom = "TRIM_HORIZON" },
            new { to = $"sqs:https://sqs.us-east-1.amazonaws.com/{Account}/{queue.Split('/')[^1]}", startFrom = "TRIM_HORIZON" },
            new { to = "logs:/policed", retention = "30d", startFrom = "TRIM_HORIZON" },
        ];
        await WriteFileAsync("afterimage.json", new
        {
            tables = new[] { new { name = tables, redact = (string[])["/card"] } },
            trail = $"dynamodb:policed-trail-{Environment.ProcessId}",
            region = "us-east-1",
            proof = new { key = $"kms:{FakeKms.Alias}", witness = (string[])[$"s3://{Witness}/trail"] },
            sinks,
        });

        // The group of the log is left to the worker.
        await WriteFileAsync("setup.json", new { trail = $"dynamodb:policed-trail-{Environment.ProcessId}", region = "us-east-1", sinks = sinks[..2] });
    }

    private Task WriteFileAsync(string name, object content) => File.WriteAllTextAsync(Path.Combine(folder.Path, name), JsonSerializer.Serialize(content), Ct);

    private async Task SetUpAsync(StreamedTable orders, Uri endpoint)
    {
        using var s3 = new AmazonS3Client(LocalDatabase.Credentials, new AmazonS3Config { ServiceURL = aws.Endpoint.ToString(), ForcePathStyle = true, AuthenticationRegion = "us-east-1" });
        await s3.PutBucketAsync(Witness, Ct);
        await SucceedAsync(["enable", orders.Name, "--transactions", "--sinks", "--config", "setup.json", "--endpoint", endpoint.ToString()]);
    }

    private async Task<string> SucceedAsync(string[] args)
    {
        using var process = AfterimageProcess.Start(folder.Path, new Dictionary<string, string> { ["AWS_ENDPOINT_URL"] = aws.Endpoint.ToString() }, args);
        var output = process.StandardOutput.ReadToEndAsync(Ct);
        var error = process.StandardError.ReadToEndAsync(Ct);
        await process.WaitForExitAsync(Ct);
        process.ExitCode.ShouldBe(0, await output + await error);
        return await output;
    }

    private static async Task WriteAsync(AmazonDynamoDBClient client, string table, int round)
    {
        foreach (var order in Enumerable.Range(0, 5))
        {
            await client.PutItemAsync(table, new() { ["customer"] = new("c1"), ["order"] = new($"o{order}"), ["card"] = new("4111"), ["round"] = new() { N = $"{round}" } }, Ct);
        }
    }

    // With an intent, which is the function's to take away.
    private static async Task AuditedAsync(AmazonDynamoDBClient client, string table)
    {
        var orders = new AuditedTable(client, table, $"policed-trail-{Environment.ProcessId}", new StampOptions { Service = "orders-api" });
        await orders.PutAsync(new() { ["customer"] = new("c2"), ["order"] = new("o1"), ["card"] = new("4111") }, Ct);
    }

    // As an event source mapping does: every record with its stream's ARN. The worker has all but the last already: the function's notes are its to take away.
    private async Task HandOverAsync(StreamedTable orders, Uri endpoint)
    {
        await using var function = new LambdaRuntime(new Dictionary<string, string>
        {
            ["AWS_ACCESS_KEY_ID"] = "afterimage",
            ["AWS_SECRET_ACCESS_KEY"] = "afterimage",
            ["AWS_REGION"] = "us-east-1",
            ["AFTERIMAGE_TRAIL"] = $"dynamodb:policed-trail-{Environment.ProcessId}",
            ["AFTERIMAGE_TRAIL_ENDPOINT"] = doors["lambda"].Endpoint,
        });
        var records = await ToldRecord.ReadAsync(endpoint, orders.StreamArn, Ct);
        var delivered = records.Select(record => $"{{\"eventSourceARN\":\"{orders.StreamArn}\",{record.GetRawText()[1..]}");

        var (route, body) = await function.CallAsync(Encoding.UTF8.GetBytes($"{{\"Records\":[{string.Join(',', delivered)}]}}"), Ct);
        route.ShouldBe("response", body.ToString());
        body.GetProperty("batchItemFailures").GetArrayLength().ShouldBe(0);
    }

    private static async Task SwitchAsync(AmazonDynamoDBClient client, string table, bool on) => await client.UpdateTableAsync(
        new UpdateTableRequest { TableName = table, StreamSpecification = new StreamSpecification { StreamEnabled = on, StreamViewType = on ? StreamViewType.NEW_AND_OLD_IMAGES : null } }, Ct);

    private async Task AskAsync(string table)
    {
        var found = await RunAsync("reader", 0, "search", "--table", table, "--json");
        var id = JsonElement.Parse(found.Split('\n')[0]).GetProperty("id").GetString()!;
        await RunAsync("reader", 0, "show", id);
        await RunAsync("reader", 0, "history", table, "customer=c1,order=o1");
        await RunAsync("reader", 0, "history", table, "customer=c1");
        await RunAsync("reader", 0, "search", "--actor", "nobody");
        (await RunAsync("reader", 0, "status")).ShouldContain("Nobody looked whether intents are left or missing");
        await RunAsync("reader", 0, "gaps", "list");
        await RunAsync("reader", 0, "dead-letters", "list");
        await RunAsync("reader", 0, "prove", id);
    }
}
