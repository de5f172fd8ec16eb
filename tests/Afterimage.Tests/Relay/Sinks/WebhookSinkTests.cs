using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Afterimage.Hosting;
using Afterimage.Relay;
using Afterimage.Relay.Sinks;
using Afterimage.Streams.Aws;
using Afterimage.Tests.Streams.Aws;
using Afterimage.Tests.Support;

namespace Afterimage.Tests.Relay.Sinks;

public sealed class WebhookSinkTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.Parse(SinkRig.Moment, CultureInfo.InvariantCulture);

    [Fact]
    public async Task A_batch_is_a_signed_array()
    {
        var received = (Body: "", Signature: "", Type: "");
        using var server = new LocalHttp((request, body) =>
        {
            received = (body, request.Headers[WebhookSink.SignatureHeader]!, request.ContentType!);
            return (204, "");
        });
        using var access = Connections();
        var batch = Outgoing.Some(2);

        (await SendAsync(server.Endpoint + "audit?key=1", access.Http, batch)).ShouldBe([Delivery.Done, Delivery.Done]);

        JsonSerializer.Deserialize<JsonElement>(received.Body).EnumerateArray().Select(one => one.GetProperty("id").GetString()).ShouldBe(batch.Select(one => one.Entry.Id.Value));
        received.Type.ShouldBe("application/json");
        var moment = Now.ToUnixTimeSeconds();
        received.Signature.ShouldBe($"t={moment},v1={Convert.ToHexStringLower(HMACSHA256.HashData("secret"u8, Encoding.UTF8.GetBytes($"{moment}.{received.Body}")))}");
    }

    [Theory]
    [InlineData(400, false)]
    [InlineData(413, false)]
    [InlineData(422, false)]
    [InlineData(401, true)]
    [InlineData(404, true)]
    [InlineData(429, true)]
    [InlineData(500, true)]
    public async Task What_the_receiver_answers_decides(int status, bool isDown)
    {
        using var server = new LocalHttp((_, _) => (status, new string('x', 5_000)));
        using var access = Connections();

        var error = await Should.ThrowAsync<SinkException>(() => SendAsync(server.Endpoint + "?key=hidden", access.Http, Outgoing.Some(1)));

        error.IsDown.ShouldBe(isDown);
        error.Message.ShouldContain($"HTTP {status}");
        error.Message.ShouldNotContain("hidden");
        error.Message.Length.ShouldBeLessThan(400);
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        var calls = 0;
        using var server = new LocalHttp((_, _) =>
        {
            calls++;
            return (302, "");
        });
        using var access = Connections();

        var error = await Should.ThrowAsync<SinkException>(() => SendAsync(server.Endpoint, access.Http, Outgoing.Some(1)));

        (error.IsDown, calls).ShouldBe((true, 1));
        error.Hint.ShouldContain("Redirects are not followed");
    }

    [Fact]
    public async Task A_receiver_that_hangs_holds_nobody_longer_than_the_deadline()
    {
        using var hanging = new StubAws().NeverAnswers();
        using var http = new HttpMessageInvoker(hanging, disposeHandler: false);
        var time = new LeapingTime(Now);

        var error = await Should.ThrowAsync<SinkException>(() => SendAsync("http://127.0.0.1/", http, Outgoing.Some(1), time));

        error.IsDown.ShouldBeTrue();
        error.Message.ShouldBe("webhook:http://127.0.0.1/: no answer within 10 seconds.");
    }

    [Fact]
    public async Task A_receiver_that_is_not_there_is_down()
    {
        using var access = Connections();

        (await Should.ThrowAsync<SinkException>(() => SendAsync("http://127.0.0.1:1/", access.Http, Outgoing.Some(1)))).IsDown.ShouldBeTrue();
    }

    [Fact]
    public void Without_a_secret_it_is_not_opened()
    {
        var error = Should.Throw<UsageException>(() => SinkOpener.Open(new SinkOptions("webhook:https://example.com"), Sites.At()));

        error.Problems.Single().Hint.ShouldContain("AFTERIMAGE_WEBHOOK_SECRET");
    }

    private static SinkAccess Connections() => new(new AwsSettings(), _ => null, TimeProvider.System, new Random(1));

    private static async Task<IReadOnlyList<Delivery>> SendAsync(string url, HttpMessageInvoker http, IReadOnlyList<OutgoingEntry> batch, TimeProvider? time = null)
    {
        await using var sink = SinkOpener.Open(
            new SinkOptions($"webhook:{url}"), Sites.At(time: time ?? new SetTime(Now), http: http, environment: name => name == WebhookSink.SecretVariable ? "secret" : null));
        return await sink.SendAsync(batch, TestContext.Current.CancellationToken);
    }
}
