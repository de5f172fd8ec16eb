using System.Net;
using System.Text;
using System.Text.Json;

namespace Afterimage.IntegrationTests.Permissions;

/// <summary>What a call asks IAM for: an action on a resource (service authorization reference), and what conditions may look at.</summary>
internal sealed record AskedRight(string Action, string Resource, string? ContextKey = null, string? ContextValue = null)
{
    private const string Here = "us-east-1:123456789012";

    /// <summary>Everything that a request asks for.</summary>
    public static IReadOnlyList<AskedRight> Of(HttpListenerRequest request, byte[] body)
    {
        var target = request.Headers["X-Amz-Target"];
        if (target is null)
        {
            return request.HttpMethod == "POST" ? [OfForm(Encoding.UTF8.GetString(body))] : [OfS3(request)];
        }

        var json = JsonElement.Parse(body, new JsonDocumentOptions { MaxDepth = 512 });
        var operation = target.Split('.')[1];
        return target.Split('.')[0] switch
        {
            "DynamoDB_20120810" => [.. OfItems(operation, json)],
            "DynamoDBStreams_20120810" => [OfStream(operation, json)],
            "Logs_20140328" => [OfLogs(operation, json)],
            "Firehose_20150804" => [new($"firehose:{operation}", $"arn:aws:firehose:{Here}:deliverystream/{Text(json, "DeliveryStreamName")}")],
            "AmazonSQS" => [new($"sqs:{operation.Replace("Batch", string.Empty, StringComparison.Ordinal)}", $"arn:aws:sqs:{Here}:{Text(json, "QueueUrl").Split('/')[^1]}")],
            "TrentService" => [new($"kms:{operation}", $"arn:aws:kms:{Here}:key/1234", "kms:RequestAlias", Text(json, "KeyId"))],
            _ => throw new InvalidOperationException($"Nobody knows what {target} asks for."),
        };
    }

    private static IEnumerable<AskedRight> OfItems(string operation, JsonElement json) => operation switch
    {
        "ListTables" => [new("dynamodb:ListTables", "*")],
        "BatchGetItem" => json.GetProperty("RequestItems").EnumerateObject().SelectMany(table => table.Value.GetProperty("Keys").EnumerateArray().Select(key => OfItem(operation, table.Name, key))),
        "BatchWriteItem" => json.GetProperty("RequestItems").EnumerateObject().SelectMany(table => table.Value.EnumerateArray().Select(put => OfItem(operation, table.Name, put.GetProperty("PutRequest").GetProperty("Item")))),
        "TransactWriteItems" => json.GetProperty("TransactItems").EnumerateArray().SelectMany(one => one.EnumerateObject())
            .Select(one => OfItem(one.Name == "ConditionCheck" ? "ConditionCheckItem" : $"{one.Name}Item", Text(one.Value, "TableName"), KeyIn(one.Value))),
        "Query" => [OfQuery(json)],
        _ => [OfItem(operation, Text(json, "TableName"), KeyIn(json))],
    };

    private static AskedRight OfQuery(JsonElement json)
    {
        var index = json.TryGetProperty("IndexName", out var name) ? $"/index/{name.GetString()}" : string.Empty;

        // The partition comes first: `#n0 = :v0 AND …`.
        var value = Text(json, "KeyConditionExpression").Split(' ')[2];
        return new("dynamodb:Query", $"arn:aws:dynamodb:{Here}:table/{Text(json, "TableName")}{index}", "dynamodb:LeadingKeys", Text(json.GetProperty("ExpressionAttributeValues").GetProperty(value), "S"));
    }

    private static AskedRight OfItem(string operation, string table, JsonElement? item) => new(
        $"dynamodb:{operation}",
        $"arn:aws:dynamodb:{Here}:table/{table}",
        "dynamodb:LeadingKeys",
        item is { } key && key.TryGetProperty("pk", out var partition) ? Text(partition, "S") : null);

    private static JsonElement? KeyIn(JsonElement json) => json.TryGetProperty("Key", out var key) || json.TryGetProperty("Item", out key) ? key : null;

    // DynamoDB Local calls its own region and account by other names; an iterator holds its stream's ARN, there and on AWS.
    private static AskedRight OfStream(string operation, JsonElement json) => new(
        $"dynamodb:{operation}",
        operation switch
        {
            "ListStreams" => $"arn:aws:dynamodb:{Here}:table/{Text(json, "TableName")}/stream/",
            "GetRecords" => Renamed(Text(json, "ShardIterator")),
            _ => Renamed(Text(json, "StreamArn")),
        });

    private static string Renamed(string text) => $"arn:aws:dynamodb:{Here}:{text[text.IndexOf("table/", StringComparison.Ordinal)..].Split('|')[0]}";

    private static AskedRight OfLogs(string operation, JsonElement json) => new(
        $"logs:{operation}",
        $"arn:aws:logs:{Here}:log-group:{Text(json, "logGroupName")}:{(operation == "PutLogEvents" ? $"log-stream:{Text(json, "logStreamName")}" : string.Empty)}");

    private static AskedRight OfForm(string form)
    {
        var fields = form.Split('&').Select(field => field.Split('=')).ToDictionary(field => field[0], field => WebUtility.UrlDecode(field[1]), StringComparer.Ordinal);
        return fields["Action"] switch
        {
            "PublishBatch" => new("sns:Publish", fields["TopicArn"]),
            "AssumeRole" => new("sts:AssumeRole", fields["RoleArn"]),
            var action => throw new InvalidOperationException($"Nobody knows what {action} asks for."),
        };
    }

    private static AskedRight OfS3(HttpListenerRequest request)
    {
        var parts = request.Url!.AbsolutePath.Trim('/').Split('/', 2);
        return parts.Length == 1
            ? new("s3:ListBucket", $"arn:aws:s3:::{parts[0]}", "s3:prefix", request.QueryString["prefix"])
            : new(request.HttpMethod == "PUT" ? "s3:PutObject" : "s3:GetObject", $"arn:aws:s3:::{parts[0]}/{parts[1]}");
    }

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;
}
