using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using Afterimage.IntegrationTests.Support;

namespace Afterimage.IntegrationTests.Deploy;

/// <summary>An emulated CloudFormation, and what the templates want to find there.</summary>
public sealed class EmulatedStacks : IAsyncLifetime
{
    public const string Bucket = "templated-code";

    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "deploy");

    private EmulatedAws? aws;
    private HttpClient? http;

    /// <summary>The templates' paths.</summary>
    public static IEnumerable<string> Templates => Directory.EnumerateFiles(Folder, "*.yaml");

    public string Endpoint => aws!.Endpoint.ToString();

    public async ValueTask InitializeAsync()
    {
        aws = await EmulatedAws.StartAsync(TestContext.Current.CancellationToken);
        http = new HttpClient { BaseAddress = aws.Endpoint };
        await SendAsync("s3", HttpMethod.Put, $"/{Bucket}", null, null);
        await SendAsync("s3", HttpMethod.Put, $"/{Bucket}/afterimage/function.zip", new ByteArrayContent(EmptyZip), null);
        await JsonAsync("ecs", "AmazonEC2ContainerServiceV20141113.CreateCluster", new { clusterName = "default" });
    }

    public ValueTask DisposeAsync()
    {
        http?.Dispose();
        aws?.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Creates a stack from a template.</summary>
    /// <returns>Its outputs.</returns>
    public Task<IReadOnlyDictionary<string, string>> CreateAsync(string template, params (string Name, string Value)[] parameters) => CreateAsync(template, template, parameters);

    /// <summary>Creates a stack of another name than its template.</summary>
    /// <returns>Its outputs.</returns>
    public async Task<IReadOnlyDictionary<string, string>> CreateAsync(string stackName, string template, IReadOnlyList<(string Name, string Value)> parameters)
    {
        var told = parameters.SelectMany((one, at) => new[] { ($"Parameters.member.{at + 1}.ParameterKey", one.Name), ($"Parameters.member.{at + 1}.ParameterValue", one.Value) });
        (string, string)[] what = [("StackName", stackName), ("Capabilities.member.1", "CAPABILITY_IAM"), ("TemplateBody", await File.ReadAllTextAsync(Path.Combine(Folder, $"{template}.yaml"))), .. told];
        await AskAsync("cloudformation", "2010-05-15", "CreateStack", what);
        var stack = await AskAsync("cloudformation", "2010-05-15", "DescribeStacks", ("StackName", stackName));
        All(stack, "StackStatus").ShouldBe(["CREATE_COMPLETE"]);
        return All(stack, "OutputKey").Zip(All(stack, "OutputValue")).ToDictionary();
    }

    /// <summary>Makes a table.</summary>
    /// <returns>The ARN of its stream.</returns>
    public async Task<string> StreamAsync(string table) => (await JsonAsync("dynamodb", "DynamoDB_20120810.CreateTable", new
    {
        TableName = table,
        BillingMode = "PAY_PER_REQUEST",
        AttributeDefinitions = new[] { new { AttributeName = "id", AttributeType = "S" } },
        KeySchema = new[] { new { AttributeName = "id", KeyType = "HASH" } },
        StreamSpecification = new { StreamEnabled = true, StreamViewType = "NEW_AND_OLD_IMAGES" },
    })).GetProperty("TableDescription").GetProperty("LatestStreamArn").GetString()!;

    /// <summary>A call of the Query protocol.</summary>
    public async Task<XElement> AskAsync(string service, string version, string action, params (string Name, string Value)[] parameters)
    {
        var form = parameters.Prepend(("Version", version)).Prepend(("Action", action)).Select(one => KeyValuePair.Create(one.Item1, one.Item2));
        return XElement.Parse(await SendAsync(service, HttpMethod.Post, "/", new FormUrlEncodedContent(form), null));
    }

    /// <summary>A call by a path.</summary>
    public async Task<JsonElement> GetAsync(string service, string path) => JsonElement.Parse(await SendAsync(service, HttpMethod.Get, path, null, null));

    // A zip of nothing: its end alone.
    private static byte[] EmptyZip => [.. "PK\u0005\u0006"u8, .. new byte[18]];

    private static IEnumerable<string> All(XElement answer, string name) => answer.Descendants().Where(element => element.Name.LocalName == name).Select(element => element.Value);

    private async Task<JsonElement> JsonAsync(string service, string target, object request) => JsonElement.Parse(await SendAsync(
        service, HttpMethod.Post, "/", new StringContent(JsonSerializer.Serialize(request), Encoding.UTF8, new MediaTypeHeaderValue("application/x-amz-json-1.1")), target));

    // Which service is meant is in what the signature was made for; the signature itself is not looked at.
    private async Task<string> SendAsync(string service, HttpMethod method, string path, HttpContent? content, string? target)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        request.Headers.TryAddWithoutValidation("Authorization", $"AWS4-HMAC-SHA256 Credential=afterimage/20260101/us-east-1/{service}/aws4_request, SignedHeaders=host, Signature=0");
        if (target is not null)
        {
            request.Headers.TryAddWithoutValidation("X-Amz-Target", target);
        }

        using var answer = await http!.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        answer.IsSuccessStatusCode.ShouldBeTrue(text);
        return text;
    }
}
