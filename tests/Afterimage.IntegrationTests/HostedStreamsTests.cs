using System.Text.Json;
using System.Threading.Channels;
using Afterimage.IntegrationTests.Support;
using Afterimage.Streams.Aws;
using Afterimage.Streams.Hosting;
using Afterimage.Streams.Reading;
using Afterimage.Streams.Records;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Afterimage.IntegrationTests;

/// <summary>The reader as a library, on DynamoDB Local.</summary>
public sealed class HostedStreamsTests(LocalDatabase database) : IBatchHandler
{
    private static readonly string Table = $"Hosted{Environment.ProcessId}";

    private static readonly Dictionary<string, string> Keys = new(StringComparer.Ordinal) { ["AWS_ACCESS_KEY_ID"] = "afterimage", ["AWS_SECRET_ACCESS_KEY"] = "afterimage" };

    private readonly Channel<string> handled = Channel.CreateUnbounded<string>();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Changes_reach_the_handler_and_those_made_while_the_stream_was_off_are_a_gap_between_them()
    {
        using var client = await database.ClientAsync();
        await client.CreateTableAsync(
            new CreateTableRequest
            {
                TableName = Table,
                AttributeDefinitions = [new AttributeDefinition("id", ScalarAttributeType.S)],
                KeySchema = [new KeySchemaElement("id", KeyType.HASH)],
                BillingMode = BillingMode.PAY_PER_REQUEST,
                StreamSpecification = new StreamSpecification { StreamEnabled = true, StreamViewType = StreamViewType.NEW_AND_OLD_IMAGES },
            },
            Ct);
        using var access = AwsAccess.Create(
            new AwsSettings("us-east-1", Endpoint: (await database.EndpointAsync()).ToString()), Keys.GetValueOrDefault, TimeProvider.System, new Random(1));
        using var host = Build(access);
        await host.StartAsync(Ct);

        await PutAsync(client, "1");
        (await NextAsync()).ShouldBe("1");
        await SwitchAsync(client, isOn: false);
        await PutAsync(client, "unseen");
        await SwitchAsync(client, isOn: true);
        await PutAsync(client, "2");

        (await NextAsync()).ShouldBe("ReEnabled");
        (await NextAsync()).ShouldBe("2");
        await host.StopAsync(Ct);
    }

    async Task IBatchHandler.HandleAsync(StreamBatch batch, CancellationToken ct)
    {
        if (batch.Gap is { } gap)
        {
            await handled.Writer.WriteAsync($"{gap.Cause}", ct);
        }

        foreach (var raw in batch.Records)
        {
            await handled.Writer.WriteAsync(JsonElement.Parse(StreamRecord.Read(raw).Keys.Span).GetProperty("id").GetProperty("S").GetString()!, ct);
        }
    }

    private async Task<string> NextAsync() => await handled.Reader.ReadAsync(Ct);

    private IHost Build(AwsAccess access)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddSingleton(access.Streams);
        builder.Services.AddSingleton<ITableLookup>(access.Tables);
        builder.Services.AddSingleton<IBatchHandler>(this);
        builder.Services.AddDynamoDbStreams(options =>
        {
            options.Tables = [Table];
            options.Worker = new WorkerOptions { LookEvery = TimeSpan.FromSeconds(2) };
        });
        return builder.Build();
    }

    private static Task<UpdateTableResponse> SwitchAsync(AmazonDynamoDBClient client, bool isOn) => client.UpdateTableAsync(
        new UpdateTableRequest
        {
            TableName = Table,
            StreamSpecification = new StreamSpecification { StreamEnabled = isOn, StreamViewType = isOn ? StreamViewType.NEW_AND_OLD_IMAGES : null },
        },
        Ct);

    private static Task<PutItemResponse> PutAsync(AmazonDynamoDBClient client, string id) => client.PutItemAsync(Table, new() { ["id"] = new(id) }, Ct);
}
