using System.Text;
using Afterimage.Streams.Aws;

namespace Afterimage.Tests.Streams.Aws;

public sealed class SignedJsonClientTests
{
    private readonly ManualTime time = ManualTime.At("2026-11-21T20:11:12Z");

    [Fact]
    public async Task A_request_carries_the_operation_the_body_and_a_signature()
    {
        using var service = new StubAws().Answers(200, "{}");

        await CallAsync(service);

        var request = service.Requests.ShouldHaveSingleItem();
        request.Method.ShouldBe("POST");
        request.Uri.ShouldBe(new Uri("http://127.0.0.1:8000/"));
        request.Headers["X-Amz-Target"].ShouldBe("DynamoDBStreams_20120810.ListStreams");
        request.Headers["Content-Type"].ShouldBe("application/x-amz-json-1.0");
        request.Headers["X-Amz-Date"].ShouldBe("20261121T201112Z");
        request.Headers["Authorization"].ShouldStartWith("AWS4-HMAC-SHA256 Credential=local/20261121/us-west-2/dynamodb/aws4_request, SignedHeaders=content-type;host;x-amz-date;x-amz-target, Signature=");
        request.Headers.ShouldNotContainKey("X-Amz-Security-Token");
        request.Body.ShouldBe("{\"a\":\"é\"}"u8.ToArray());
    }

    [Fact]
    public async Task A_session_token_is_sent_and_signed()
    {
        using var service = new StubAws().Answers(200, "{}");
        using var invoker = new HttpMessageInvoker(service);
        using var keys = StubAws.Keys("the+token=");
        var client = new SignedJsonClient(SignedEndpoint.Streams(new Uri("http://127.0.0.1:8000"), "us-west-2"), keys, invoker, time, new Random(1));

        await client.CallAsync("ListStreams", "{}"u8.ToArray(), answer => answer.Length, TestContext.Current.CancellationToken);

        service.Requests[0].Headers["X-Amz-Security-Token"].ShouldBe("the+token=");
        service.Requests[0].Headers["Authorization"].ShouldContain("x-amz-security-token");
    }

    [Fact]
    public async Task A_throttled_call_gets_through_after_growing_waits()
    {
        using var service = new StubAws()
            .Answers(400, Error("LimitExceededException")).Answers(400, Error("ThrottlingException")).Answers(429, "slow down").Answers(200, "{}");

        (await CallAsync(service)).ShouldBe("{}");

        service.Requests.Count.ShouldBe(4);
        time.Waits.Count.ShouldBe(3);
        time.Waits.Zip([0.5, 1.0, 2.0]).ShouldAllBe(wait => wait.First.TotalSeconds <= wait.Second);
    }

    [Fact]
    public async Task A_throttle_that_does_not_end_is_reported_as_one()
    {
        using var service = new StubAws().Answers(400, Error("ProvisionedThroughputExceededException"), ("x-amzn-RequestId", "R7"));

        var error = await Should.ThrowAsync<ThrottledException>(() => CallAsync(service));

        error.Code.ShouldBe("ProvisionedThroughputExceededException");
        error.RequestId.ShouldBe("R7");
        service.Requests.Count.ShouldBe(RetryPlan.AttemptsMax);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    public async Task A_failure_of_the_service_is_tried_again(int status)
    {
        using var service = new StubAws().Answers(status, "<html>").Answers(200, "{}");

        (await CallAsync(service)).ShouldBe("{}");
    }

    [Fact]
    public async Task A_refusal_is_final()
    {
        using var service = new StubAws().Answers(400, Error("AccessDeniedException"));

        await Should.ThrowAsync<AccessDeniedException>(() => CallAsync(service));

        service.Requests.Count.ShouldBe(1);
        time.Waits.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_broken_connection_is_tried_again()
    {
        using var service = new StubAws()
            .Fails(new HttpRequestException("Connection refused")).Fails(new HttpIOException(HttpRequestError.ResponseEnded)).Answers(200, "{}");

        (await CallAsync(service)).ShouldBe("{}");
    }

    [Fact]
    public async Task An_endpoint_that_stays_silent_is_named()
    {
        using var service = new StubAws().Fails(new HttpRequestException("Connection refused"));

        var error = await Should.ThrowAsync<EndpointUnreachableException>(() => CallAsync(service));

        error.Endpoint.ShouldBe(new Uri("http://127.0.0.1:8000/"));
        error.Message.ShouldContain("Connection refused");
        service.Requests.Count.ShouldBe(RetryPlan.AttemptsMax);
    }

    [Fact]
    public async Task An_attempt_has_a_deadline()
    {
        using var service = new StubAws().NeverAnswers();
        var impatient = new ManualTime(time.GetUtcNow()) { DeadlinesPass = true };

        var error = await Should.ThrowAsync<EndpointUnreachableException>(() => CallAsync(service, clock: impatient));

        error.Message.ShouldContain("no answer within 30 seconds");
    }

    [Fact]
    public async Task Cancelling_ends_a_call_that_waits_for_its_answer()
    {
        using var cancel = new CancellationTokenSource();
        using var service = new StubAws().NeverAnswers(cancel);

        await Should.ThrowAsync<OperationCanceledException>(() => CallAsync(service, ct: cancel.Token));

        service.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Cancelling_ends_a_call_between_two_attempts()
    {
        using var cancel = new CancellationTokenSource();
        using var service = new StubAws().Answers(500, "{}");
        using var patient = new HoldingTime(cancel);
        using var invoker = new HttpMessageInvoker(service);
        using var keys = StubAws.Keys();
        var client = new SignedJsonClient(SignedEndpoint.Streams(new Uri("http://127.0.0.1:8000"), "us-west-2"), keys, invoker, patient, new Random(1));

        await Should.ThrowAsync<OperationCanceledException>(() => client.CallAsync("ListStreams", default, answer => answer.Length, cancel.Token));

        service.Requests.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("InvalidSignatureException", 400, 3600)]
    [InlineData("SignatureDoesNotMatch", 403, -3600)]
    [InlineData("AuthFailure", 401, 301)]
    [InlineData("RequestExpired", 400, -600)]
    [InlineData("RequestTimeTooSkewed", 403, 60)]
    public async Task A_wrong_clock_is_corrected_by_the_services_own(string code, int status, int secondsOff)
    {
        var serverTime = time.GetUtcNow().AddSeconds(secondsOff);
        using var service = new StubAws().Answers(status, Error(code), ("Date", serverTime.ToString("R"))).Answers(200, "{}");
        var client = service.Client(time);

        (await CallAsync(service, client)).ShouldBe("{}");
        (await CallAsync(service, client)).ShouldBe("{}");

        // The correction stays with the client, and costs no wait.
        service.Requests.Select(request => request.Headers["X-Amz-Date"]).ShouldBe(["20261121T201112Z", Basic(serverTime), Basic(serverTime)]);
        time.Waits.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("InvalidSignatureException", 120)]
    [InlineData("AccessDeniedException", 3600)]
    [InlineData("UnrecognizedClientException", -3600)]
    public async Task An_error_that_is_not_the_clocks_fault_leaves_the_clock_alone(string code, int secondsOff)
    {
        using var service = new StubAws().Answers(400, Error(code), ("Date", time.GetUtcNow().AddSeconds(secondsOff).ToString("R")));

        await Should.ThrowAsync<AccessDeniedException>(() => CallAsync(service));

        service.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_clock_is_corrected_only_once_a_call()
    {
        using var service = new StubAws()
            .Answers(400, Error("InvalidSignatureException"), ("Date", time.GetUtcNow().AddHours(1).ToString("R")))
            .Answers(400, Error("InvalidSignatureException"), ("Date", time.GetUtcNow().AddHours(2).ToString("R")));

        await Should.ThrowAsync<AccessDeniedException>(() => CallAsync(service));

        service.Requests.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Without_the_services_time_a_clock_error_is_an_error()
    {
        using var service = new StubAws().Answers(400, Error("RequestTimeTooSkewed"));

        await Should.ThrowAsync<AccessDeniedException>(() => CallAsync(service));
    }

    [Fact]
    public async Task Without_credentials_nothing_is_sent()
    {
        using var service = new StubAws().Answers(200, "{}");
        using var invoker = new HttpMessageInvoker(service);
        using var none = new ChainCredentials("no-such-profile", name => name == "AWS_SHARED_CREDENTIALS_FILE" ? "/dev/null" : null);
        var client = new SignedJsonClient(SignedEndpoint.Streams(new Uri("http://127.0.0.1:8000"), "us-west-2"), none, invoker, time, new Random(1));

        var error = await Should.ThrowAsync<AwsConfigurationException>(() => client.CallAsync("ListStreams", default, answer => answer.Length, TestContext.Current.CancellationToken));

        error.Message.ShouldContain("no-such-profile");
        error.Hint.ShouldContain("AWS_ACCESS_KEY_ID");
        service.Requests.ShouldBeEmpty();
    }

    private Task<string> CallAsync(StubAws service, SignedJsonClient? client = null, ManualTime? clock = null, CancellationToken? ct = null) =>
        (client ?? service.Client(clock ?? time)).CallAsync(
            "ListStreams", Encoding.UTF8.GetBytes("{\"a\":\"é\"}"), answer => Encoding.UTF8.GetString(answer.Span), ct ?? TestContext.Current.CancellationToken);

    private static string Error(string code) => $$"""{"__type":"com.amazonaws.dynamodb.v20120810#{{code}}","message":"text"}""";

    private static string Basic(DateTimeOffset moment) => moment.ToString("yyyyMMdd'T'HHmmss'Z'");

    /// <summary>A clock whose waits never end by themselves; the first one cancels the call.</summary>
    private sealed class HoldingTime(CancellationTokenSource cancel) : TimeProvider, IDisposable
    {
        private readonly List<Task> cancelling = [];

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime < SignedJsonClient.AttemptTimeout)
            {
                cancelling.Add(cancel.CancelAsync());
            }

            return System.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        public void Dispose() => Task.WaitAll(cancelling);
    }
}
