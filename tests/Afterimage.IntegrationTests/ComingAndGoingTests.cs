using System.Diagnostics;
using System.Text.Json;
using Afterimage.IntegrationTests.Support;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

namespace Afterimage.IntegrationTests;

/// <summary>Streams and tables that come and go while one worker runs, on DynamoDB Local.</summary>
public sealed class ComingAndGoingTests(LocalDatabase database)
{
    private static readonly string Prefix = $"Coming{Environment.ProcessId}";

    // The tables are looked up once a minute, and the end of a stream is believed after half a minute.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pain_11_a_stream_switched_off_and_on_a_table_made_anew_and_a_new_one_are_followed_without_a_restart()
    {
        using var client = await database.ClientAsync();
        using var folder = new TempFolder();
        var (switched, remade, added) = ($"{Prefix}-Switched", $"{Prefix}-Remade", $"{Prefix}-Added");
        await CreateAsync(client, switched);
        await CreateAsync(client, remade);
        await PutAsync(client, switched, "1");
        await PutAsync(client, remade, "1");
        using var process = AfterimageProcess.Start(
            folder.Path, "run", "--table", $"{Prefix}-*", "--trail", "sqlite:t.db", "--json", "--endpoint", (await database.EndpointAsync()).ToString());
        await SeeAsync(process, (switched, "1"), (remade, "1"));

        await PutAsync(client, switched, "rest");
        await client.UpdateTableAsync(Streaming(switched, isOn: false), Ct);
        await PutAsync(client, switched, "unseen");
        await client.UpdateTableAsync(Streaming(switched, isOn: true), Ct);
        await PutAsync(client, switched, "2");
        await PutAsync(client, remade, "rest");
        await client.DeleteTableAsync(remade, Ct);
        await CreateAsync(client, remade);
        await PutAsync(client, remade, "2");
        await CreateAsync(client, added);
        await PutAsync(client, added, "1");

        var seen = await SeeAsync(process, (switched, "rest"), (switched, "2"), (remade, "rest"), (remade, "2"), (added, "1"));

        seen.ShouldNotContain((switched, "unseen"));
        seen.IndexOf((switched, "gap")).ShouldBeInRange(seen.IndexOf((switched, "rest")) + 1, seen.IndexOf((switched, "2")) - 1);
        seen.Where(one => one.Id is "gap").ShouldBe([(switched, "gap"), (remade, "gap")], ignoreOrder: true);
        seen.ShouldContain((added, "lifecycle"));
        using var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]);
        await process.WaitForExitAsync(Ct);
        process.ExitCode.ShouldBe(0);
        var said = await process.StandardError.ReadToEndAsync(Ct);
        said.ShouldContain($"{switched} has a new stream.");
        said.ShouldContain($"{remade} has a new stream.");
        said.ShouldContain($"{added} is followed from now on.");
    }

    private static async Task<List<(string Table, string Id)>> SeeAsync(Process process, params (string Table, string Id)[] wanted)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        using var timer = TimeProvider.System.CreateTimer(_ => patience.Cancel(), null, Patience, Timeout.InfiniteTimeSpan);
        var seen = new List<(string Table, string Id)>();
        while (wanted.Except(seen).Any())
        {
            var entry = JsonElement.Parse((await process.StandardOutput.ReadLineAsync(patience.Token))!);
            var kind = entry.GetProperty("kind").GetString()!;
            seen.Add((entry.GetProperty("table").GetString()!, kind == "change" ? entry.GetProperty("keys").GetProperty("id").GetProperty("S").GetString()! : kind));
        }

        return seen;
    }

    private static Task<CreateTableResponse> CreateAsync(AmazonDynamoDBClient client, string table) => client.CreateTableAsync(
        new CreateTableRequest
        {
            TableName = table,
            AttributeDefinitions = [new AttributeDefinition("id", ScalarAttributeType.S)],
            KeySchema = [new KeySchemaElement("id", KeyType.HASH)],
            BillingMode = BillingMode.PAY_PER_REQUEST,
            StreamSpecification = new StreamSpecification { StreamEnabled = true, StreamViewType = StreamViewType.NEW_AND_OLD_IMAGES },
        },
        Ct);

    private static UpdateTableRequest Streaming(string table, bool isOn) => new()
    {
        TableName = table,
        StreamSpecification = new StreamSpecification { StreamEnabled = isOn, StreamViewType = isOn ? StreamViewType.NEW_AND_OLD_IMAGES : null },
    };

    private static Task<PutItemResponse> PutAsync(AmazonDynamoDBClient client, string table, string id) => client.PutItemAsync(table, new() { ["id"] = new(id) }, Ct);
}
