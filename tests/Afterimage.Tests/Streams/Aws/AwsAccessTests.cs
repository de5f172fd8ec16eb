using System.Net;
using System.Net.Sockets;
using System.Text;
using Afterimage.Streams.Aws;
using Amazon.Runtime;

namespace Afterimage.Tests.Streams.Aws;

public sealed class AwsAccessTests : IDisposable
{
    private readonly string file = Path.GetTempFileName();
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly ManualTime time = ManualTime.At("2026-11-21T20:11:12Z");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        listener.Dispose();
        File.Delete(file);
    }

    [Fact]
    public async Task Over_a_real_connection_the_host_that_is_signed_is_the_host_that_is_sent()
    {
        listener.Start();
        var address = $"127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";
        using var access = Create(new("us-west-2", Endpoint: $"http://{address}"), Keys());

        var served = ServeOnceAsync("{\"Streams\":[]}");
        (await access.Streams.ListStreamsAsync("Forum", null, Ct)).Streams.ShouldBeEmpty();
        var request = await served;

        request.ShouldStartWith("POST / HTTP/1.1\r\n");
        request.ShouldContain($"\r\nHost: {address}\r\n");
        request.ShouldEndWith("\r\n\r\n{\"TableName\":\"Forum\"}");
        var service = SignedEndpoint.Streams(new Uri($"http://{address}"), "us-west-2");
        var expected = new RequestSigner(service).Sign(new ImmutableCredentials("local", "local", null), "DynamoDBStreams_20120810.ListStreams", "{\"TableName\":\"Forum\"}"u8, time.GetUtcNow());
        request.ShouldContain($"\r\nAuthorization: {expected.Authorization}\r\n");
    }

    [Fact]
    public async Task A_port_that_nobody_listens_on_is_an_endpoint_that_does_not_answer()
    {
        using var access = Create(new("us-west-2", Endpoint: $"http://127.0.0.1:{FreePort()}"), Keys());

        var error = await Should.ThrowAsync<EndpointUnreachableException>(() => access.Streams.ListStreamsAsync(null, null, Ct));

        error.Endpoint.ShouldBe(access.StreamsEndpoint);
        time.Waits.Count.ShouldBe(RetryPlan.AttemptsMax - 1);
    }

    [Fact]
    public async Task Region_and_endpoint_of_a_profile_are_used()
    {
        await File.WriteAllTextAsync(file, "[audit-test]\nregion = eu-north-1\nendpoint_url = http://127.0.0.1:7\naws_access_key_id = a\naws_secret_access_key = b\n", Ct);
        using var access = Create(new(Profile: "audit-test"), []);

        access.Region.ShouldBe("eu-north-1");
        access.StreamsEndpoint.ShouldBe(new Uri("http://127.0.0.1:7/"));
        access.DynamoDb.Config.ServiceURL.ShouldBe("http://127.0.0.1:7/");
        access.DynamoDb.Config.AuthenticationRegion.ShouldBe("eu-north-1");
    }

    [Fact]
    public void Without_an_endpoint_both_clients_call_their_region()
    {
        using var access = Create(new("cn-north-1"), Keys());

        access.StreamsEndpoint.Host.ShouldBe("streams.dynamodb.cn-north-1.amazonaws.com.cn");
        access.DynamoDb.DetermineServiceOperationEndpoint(new Amazon.DynamoDBv2.Model.ListTablesRequest()).URL.ShouldBe("https://dynamodb.cn-north-1.amazonaws.com.cn/");
    }

    [Fact]
    public void A_profile_that_does_not_exist_is_said_at_once() =>
        Should.Throw<AwsConfigurationException>(() => Create(new("eu-west-1", Profile: "no-such-profile"), [])).Message.ShouldContain("no-such-profile");

    private AwsAccess Create(AwsSettings settings, Dictionary<string, string> environment)
    {
        environment["AWS_SHARED_CREDENTIALS_FILE"] = file;
        return AwsAccess.Create(settings, environment.GetValueOrDefault, time, new Random(1));
    }

    private static Dictionary<string, string> Keys() => new(StringComparer.Ordinal) { ["AWS_ACCESS_KEY_ID"] = "local", ["AWS_SECRET_ACCESS_KEY"] = "local" };

    private static int FreePort()
    {
        using var shortLived = new TcpListener(IPAddress.Loopback, 0);
        shortLived.Start();
        return ((IPEndPoint)shortLived.LocalEndpoint).Port;
    }

    private async Task<string> ServeOnceAsync(string answer)
    {
        using var connection = await listener.AcceptTcpClientAsync(Ct);
        await using var stream = connection.GetStream();
        var request = new StringBuilder();
        var buffer = new byte[4096];
        while (!request.ToString().EndsWith('}'))
        {
            request.Append(Encoding.ASCII.GetString(buffer.AsSpan(0, await stream.ReadAsync(buffer, Ct))));
        }

        await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {answer.Length}\r\n\r\n{answer}"), Ct);
        return request.ToString();
    }
}
