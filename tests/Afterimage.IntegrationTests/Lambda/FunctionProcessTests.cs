using System.Text;
using System.Text.Json;
using Afterimage.IntegrationTests.Support;

namespace Afterimage.IntegrationTests.Lambda;

/// <summary>The function as a process, over the runtime API, beside a worker on one trail.</summary>
public sealed class FunctionProcessTests(LocalDatabase database)
{
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 512 };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_stream_read_by_the_function_then_by_a_worker_then_by_both_at_once_is_in_the_trail_once_and_verifies()
    {
        using var client = await database.ClientAsync();
        using var folder = new TempFolder();
        var endpoint = await database.EndpointAsync();
        var table = await StreamedTable.CreateAsync(client, "ByFunction", ["id"], Ct);
        var trail = $"dynamodb:by-function-{Environment.ProcessId}";
        string[] to = ["--trail", trail, "--endpoint", endpoint.ToString()];
        await SucceedAsync(folder, ["enable", table.Name, .. to]);
        await using var function = new LambdaRuntime(Surroundings(trail, endpoint));

        await new HostileWrites(client, table.Name, new Random(1)).WriteAsync(300, Ct);
        var handled = await HandOverAsync(function, endpoint, table.StreamArn, 0);
        handled.ShouldBeGreaterThan(100);
        await SucceedAsync(folder, ["run", "--table", table.Name, "--drain", .. to]);
        await new HostileWrites(client, table.Name, new Random(2)).WriteAsync(300, Ct);
        await SucceedAsync(folder, ["run", "--table", table.Name, "--drain", .. to]);
        await new HostileWrites(client, table.Name, new Random(3)).WriteAsync(300, Ct);
        await Task.WhenAll(
            SucceedAsync(folder, ["run", "--table", table.Name, "--drain", .. to]),
            HandOverAsync(function, endpoint, table.StreamArn, handled));
        await SucceedAsync(folder, ["run", "--table", table.Name, "--drain", .. to]);

        var records = await ToldRecord.ReadAsync(endpoint, table.StreamArn, Ct);
        var found = await SucceedAsync(folder, ["search", "--table", table.Name, "--json", "--limit", "100000", .. to]);
        var entries = found.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line, Deep)).Where(entry => entry.GetProperty("kind").GetString() == "change");
        entries.Select(entry => entry.GetProperty("sequenceNumber").GetString()).Order(StringComparer.Ordinal)
            .ShouldBe(records.Select(SequenceOf).Order(StringComparer.Ordinal));
        (await SucceedAsync(folder, ["verify", .. to])).ShouldStartWith("intact and complete");
    }

    [Fact]
    public async Task A_function_without_a_trail_that_outlives_it_says_so_to_Lambda()
    {
        await using var function = new LambdaRuntime(new Dictionary<string, string> { ["AWS_REGION"] = "us-east-1" });

        var (route, body) = await function.AnsweredAsync(Ct);

        route.ShouldBe("error");
        body.GetProperty("errorMessage").GetString()!.ShouldContain("sqlite:afterimage.db");
        (await function.Log.ReadLineAsync(Ct))!.ShouldContain("dynamodb:TABLE");
    }

    [Fact]
    public async Task A_configuration_that_was_named_and_is_not_there_stops_the_function_before_anything_is_kept()
    {
        await using var function = new LambdaRuntime(
            new Dictionary<string, string>(Surroundings("dynamodb:none", await database.EndpointAsync())) { ["AFTERIMAGE_CONFIG"] = "audit.json" });

        var (route, body) = await function.AnsweredAsync(Ct);

        route.ShouldBe("error");
        body.GetProperty("errorMessage").GetString()!.ShouldEndWith("audit.json is not there.");
    }

    [Fact]
    public async Task A_trail_that_is_not_there_is_named_with_what_to_do()
    {
        await using var function = new LambdaRuntime(Surroundings("dynamodb:not-there", await database.EndpointAsync()));

        (await function.AnsweredAsync(Ct)).Route.ShouldBe("error");
        (await function.Log.ReadLineAsync(Ct))!.ShouldContain("afterimage enable TABLE --trail dynamodb:not-there");
    }

    [Fact]
    public async Task An_event_of_something_else_is_an_error_and_the_function_goes_on()
    {
        using var folder = new TempFolder();
        var endpoint = await database.EndpointAsync();
        var trail = $"dynamodb:other-events-{Environment.ProcessId}";
        using var client = await database.ClientAsync();
        var table = await StreamedTable.CreateAsync(client, "Others", ["id"], Ct);
        await SucceedAsync(folder, ["enable", table.Name, "--trail", trail, "--endpoint", endpoint.ToString()]);
        await using var function = new LambdaRuntime(Surroundings(trail, endpoint));

        (await function.CallAsync("{}"u8.ToArray(), Ct)).Route.ShouldBe("error");
        (await function.CallAsync("""{"Records":[]}"""u8.ToArray(), Ct)).Route.ShouldBe("response");
    }

    [Fact]
    public async Task With_a_trail_and_sinks_it_keeps_entries_and_says_once_that_a_worker_passes_them_on()
    {
        using var folder = new TempFolder();
        var endpoint = await database.EndpointAsync();
        var trail = $"dynamodb:with-sinks-{Environment.ProcessId}";
        using var client = await database.ClientAsync();
        var table = await StreamedTable.CreateAsync(client, "WithSinks", ["id"], Ct);
        await SucceedAsync(folder, ["enable", table.Name, "--trail", trail, "--endpoint", endpoint.ToString()]);
        await using var function = new LambdaRuntime(new Dictionary<string, string>(Surroundings(trail, endpoint)) { ["AFTERIMAGE_SINKS"] = "console:" });

        (await function.CallAsync("""{"Records":[]}"""u8.ToArray(), Ct)).Route.ShouldBe("response");

        var said = JsonElement.Parse((await function.Log.ReadLineAsync(Ct))!);
        said.GetProperty("level").GetString().ShouldBe("WARN");
        said.GetProperty("sinks").EnumerateArray().Select(sink => sink.GetString()).ShouldBe(["console:"]);
        said.GetProperty("hint").GetString()!.ShouldContain("afterimage run");
        (await function.Log.ReadLineAsync(Ct))!.ShouldContain("Records are kept.");
    }

    private static Dictionary<string, string> Surroundings(string trail, Uri endpoint) => new()
    {
        ["AWS_ACCESS_KEY_ID"] = "afterimage",
        ["AWS_SECRET_ACCESS_KEY"] = "afterimage",
        ["AWS_REGION"] = "us-east-1",
        ["AFTERIMAGE_TRAIL"] = trail,
        ["AFTERIMAGE_TRAIL_ENDPOINT"] = endpoint.ToString(),
    };

    // As an event source mapping does: every record with its stream's ARN, some at a time.
    private static async Task<int> HandOverAsync(LambdaRuntime function, Uri endpoint, string streamArn, int from)
    {
        var records = await ToldRecord.ReadAsync(endpoint, streamArn, Ct);
        foreach (var batch in records.Skip(from).Chunk(50))
        {
            var delivered = batch.Select(record => $"{{\"eventSourceARN\":\"{streamArn}\",{record.GetRawText()[1..]}");
            var (route, body) = await function.CallAsync(Encoding.UTF8.GetBytes($"{{\"Records\":[{string.Join(',', delivered)}]}}"), Ct);
            route.ShouldBe("response", body.ToString());
            body.GetProperty("batchItemFailures").GetArrayLength().ShouldBe(0);
        }

        return records.Count;
    }

    private static string SequenceOf(JsonElement record) => record.GetProperty("dynamodb").GetProperty("SequenceNumber").GetString()!;

    private static async Task<string> SucceedAsync(TempFolder folder, string[] args)
    {
        var run = await AfterimageProcess.RunAsync(folder.Path, Ct, args);
        run.ExitCode.ShouldBe(0, run.Out + run.Error);
        return run.Out;
    }
}
