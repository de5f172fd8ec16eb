using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Afterimage.IntegrationTests.Support;

/// <summary>The streams of DynamoDB Local by bare HTTP: an independent reading, to check the product's own against.</summary>
/// <remarks>The AWS SDK's package for DynamoDB has no client for streams. DynamoDB Local wants an Authorization header and does not check it.</remarks>
internal sealed class PlainStreams(Uri endpoint) : IDisposable
{
    private const string Authorization =
        "AWS4-HMAC-SHA256 Credential=afterimage/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0";

    private readonly HttpClient http = new() { BaseAddress = endpoint };

    /// <summary>The shards of a stream, as DescribeStream gives them, all pages.</summary>
    public async Task<IReadOnlyList<JsonElement>> ShardsAsync(string streamArn, CancellationToken ct)
    {
        var shards = new List<JsonElement>();
        string? last = null;
        do
        {
            var request = new JsonObject { ["StreamArn"] = streamArn };
            if (last is not null)
            {
                request["ExclusiveStartShardId"] = last;
            }

            var description = (await CallAsync("DescribeStream", request, ct)).GetProperty("StreamDescription");
            shards.AddRange(description.GetProperty("Shards").EnumerateArray());
            last = description.TryGetProperty("LastEvaluatedShardId", out var id) ? id.GetString() : null;
        }
        while (last is not null);

        return shards;
    }

    /// <summary>What a shard holds now, from its horizon on: the records as GetRecords gives them.</summary>
    public async Task<IReadOnlyList<JsonElement>> RecordsAsync(string streamArn, string shardId, CancellationToken ct)
    {
        var start = new JsonObject { ["StreamArn"] = streamArn, ["ShardId"] = shardId, ["ShardIteratorType"] = "TRIM_HORIZON" };
        var iterator = (await CallAsync("GetShardIterator", start, ct)).GetProperty("ShardIterator").GetString();
        var records = new List<JsonElement>();
        while (iterator is not null)
        {
            var page = await CallAsync("GetRecords", new JsonObject { ["ShardIterator"] = iterator }, ct);
            var before = records.Count;
            records.AddRange(page.GetProperty("Records").EnumerateArray());
            iterator = records.Count > before && page.TryGetProperty("NextShardIterator", out var next) ? next.GetString() : null;
        }

        return records;
    }

    public void Dispose() => http.Dispose();

    private async Task<JsonElement> CallAsync(string operation, JsonObject body, CancellationToken ct)
    {
        using var content = new StringContent(body.ToJsonString(), new MediaTypeHeaderValue("application/x-amz-json-1.0"));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/") { Content = content };
        request.Headers.TryAddWithoutValidation("X-Amz-Target", $"DynamoDBStreams_20120810.{operation}");
        request.Headers.TryAddWithoutValidation("Authorization", Authorization);
        using var response = await http.SendAsync(request, ct);
        var text = await response.Content.ReadAsStringAsync(ct);
        if (!response.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"{operation}: {text}");
        }

        using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 512 });
        return document.RootElement.Clone();
    }
}
