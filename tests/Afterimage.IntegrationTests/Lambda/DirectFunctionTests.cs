using System.Text;
using System.Text.Json;
using Afterimage.IntegrationTests.Relay;
using Afterimage.IntegrationTests.Support;
using Afterimage.Relay;

namespace Afterimage.IntegrationTests.Lambda;

/// <summary>The function as a process over sinks alone, which are emulated services.</summary>
public sealed class DirectFunctionTests(AwsForSinks aws) : IClassFixture<AwsForSinks>
{
    private const string Stream = "arn:aws:dynamodb:us-east-1:123456789012:table/Orders/stream/2026-11-21T20:00:00.000";
    private const int Count = 40;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task While_one_target_is_not_there_the_others_get_everything_once_and_then_it_gets_everything_too()
    {
        var (name, late, group) = ($"{aws.Name("direct")}.fifo", $"{aws.Name("late")}.fifo", $"/audit/{aws.Name("direct")}");
        var queue = await aws.QueueAsync(name);
        await using var function = Start($"sqs:{queue},logs:{group},sqs:{queue.Replace(name, late, StringComparison.Ordinal)}");
        var records = Event();

        (await CallAsync(function, records)).ShouldBe(["1000"]);
        (await CallAsync(function, records)).ShouldBe(["1000"]);
        var lateQueue = await aws.QueueAsync(late);
        (await CallAsync(function, records)).ShouldBeEmpty();

        foreach (var url in new[] { queue, lateQueue })
        {
            var entries = (await aws.ReceiveAsync(url)).Select(message => JsonElement.Parse(message.GetProperty("Body").GetString()!)).ToList();
            entries.Count.ShouldBe(Count);
            entries.GroupBy(KeyOf).ShouldAllBe(item => item.Select(NumberOf).SequenceEqual(item.Select(NumberOf).Order(StringComparer.Ordinal)));
        }

        // Log events are not told apart by anybody: here every repeat would show.
        var events = (await aws.CallAsync(AwsTarget.Logs, "GetLogEvents", new { logGroupName = group, logStreamName = "afterimage", startFromHead = true })).GetProperty("events").EnumerateArray()
            .Select(one => JsonElement.Parse(one.GetProperty("message").GetString()!));
        events.Select(NumberOf).ShouldBe(Enumerable.Range(1_000, Count).Select(number => $"{number}"), ignoreOrder: true);
        var error = JsonElement.Parse((await function.Log.ReadLineAsync(Ct))!);
        (error.GetProperty("level").GetString(), error.GetProperty("requestId").GetString()).ShouldBe(("ERROR", "1"));
        error.GetProperty("sink").GetString()!.ShouldEndWith(late);
        error.GetProperty("hint").GetString()!.ShouldContain("Create the queue");
    }

    [Fact]
    public async Task The_console_is_the_functions_log()
    {
        await using var function = Start("console:");

        (await CallAsync(function, Event())).ShouldBeEmpty();

        for (var number = 0; number < Count; number++)
        {
            NumberOf(JsonElement.Parse((await function.Log.ReadLineAsync(Ct))!)).ShouldBe($"{1_000 + number}");
        }
    }

    [Fact]
    public async Task A_file_is_refused_at_the_start_with_what_to_do()
    {
        await using var function = Start("file:entries.jsonl");

        (await function.AnsweredAsync(Ct)).Route.ShouldBe("error");
        (await function.Log.ReadLineAsync(Ct))!.ShouldContain("logs:GROUP");
    }

    private LambdaRuntime Start(string sinks) => new(new Dictionary<string, string>
    {
        ["AWS_ACCESS_KEY_ID"] = "afterimage",
        ["AWS_SECRET_ACCESS_KEY"] = "afterimage",
        ["AWS_REGION"] = "us-east-1",
        ["AWS_ENDPOINT_URL"] = aws.Endpoint.ToString(),
        ["AFTERIMAGE_SINKS"] = sinks,
    });

    private static async Task<List<string?>> CallAsync(LambdaRuntime function, byte[] payload)
    {
        var (route, body) = await function.CallAsync(payload, Ct);
        route.ShouldBe("response", body.ToString());
        return [.. body.GetProperty("batchItemFailures").EnumerateArray().Select(one => one.GetProperty("itemIdentifier").GetString())];
    }

    private static byte[] Event() => Encoding.UTF8.GetBytes($"{{\"Records\":[{string.Join(',', Enumerable.Range(1_000, Count).Select(Record))}]}}");

    private static string Record(int number) =>
        $$"""
        {"eventSourceARN":"{{Stream}}","eventID":"e{{number}}","eventName":"INSERT","eventVersion":"1.1","eventSource":"aws:dynamodb","awsRegion":"us-east-1","dynamodb":{"ApproximateCreationDateTime":{{TimeProvider.System.GetUtcNow().ToUnixTimeSeconds()}},"Keys":{"id":{"S":"o{{number % 7}}"} },"NewImage":{"id":{"S":"o{{number % 7}}"},"n":{"N":"{{number}}"} },"SequenceNumber":"{{number}}","SizeBytes":10,"StreamViewType":"NEW_AND_OLD_IMAGES"} }
        """;

    private static string? KeyOf(JsonElement entry) => entry.GetProperty("keys").GetProperty("id").GetProperty("S").GetString();

    private static string? NumberOf(JsonElement entry) => entry.GetProperty("sequenceNumber").GetString();
}
