using System.Globalization;
using Afterimage.App.Demo;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

namespace Afterimage.IntegrationTests.Support;

/// <summary>A DynamoDB Local of one test's own, whose shards roll over and whose time passes when the test says so.</summary>
internal sealed class ClockworkDatabase : IAsyncDisposable
{
    private readonly DynamoDbLocal local;

    private ClockworkDatabase(DynamoDbLocal local)
    {
        this.local = local;
        Client = LocalDatabase.ClientFor(local.Endpoint);
        Streams = new PlainStreams(local.Endpoint);
    }

    public Uri Endpoint => local.Endpoint;

    public AmazonDynamoDBClient Client { get; }

    public PlainStreams Streams { get; }

    /// <summary>Starts one, or skips the test where there is no JDK to compile its main class with.</summary>
    public static async Task<ClockworkDatabase> StartAsync(CancellationToken ct)
    {
        SystemPackage.Demand("javac", "openjdk-17-jdk-headless");
        return new ClockworkDatabase(await DynamoDbLocal.StartAsync(JavaArguments, Console.Error, TimeProvider.System, ct));
    }

    /// <summary>Closes every open shard, and opens a child of each.</summary>
    public Task RollShardsOverAsync(CancellationToken ct) => ControlAsync(new() { ["ACTION"] = new("ROLLOVER") }, ct);

    /// <summary>Lets hours pass for the streams: what is older than a day is trimmed, iterators expire.</summary>
    public Task LetHoursPassAsync(int hours, CancellationToken ct) =>
        ControlAsync(new() { ["ACTION"] = new("DILATE_TIME"), ["HOURS"] = new(hours.ToString(CultureInfo.InvariantCulture)) }, ct);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        Streams.Dispose();
        await local.DisposeAsync();
    }

    private static string[] JavaArguments(string folder, string port)
    {
        var jars = $"{Path.Combine(folder, "DynamoDBLocal.jar")}:{Path.Combine(folder, "DynamoDBLocal_lib")}/*";
        return ["-cp", jars, Path.Combine(AppContext.BaseDirectory, "Support", "ClockworkDynamoDb.java"), port];
    }

    private Task<PutItemResponse> ControlAsync(Dictionary<string, AttributeValue> order, CancellationToken ct) =>
        Client.PutItemAsync(new PutItemRequest("[TEST_CONTROL]", order), ct);
}
