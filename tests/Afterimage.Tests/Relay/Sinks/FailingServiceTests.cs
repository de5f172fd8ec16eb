namespace Afterimage.Tests.Relay.Sinks;

/// <summary>What every sink on AWS makes of a service that fails.</summary>
public sealed class FailingServiceTests : IDisposable
{
    private readonly SinkRig rig = new();

    public static TheoryData<string> Sinks =>
    [
        "sqs:https://sqs.eu-west-1.amazonaws.com/123456789012/audit", "sns:arn:aws:sns:eu-west-1:123456789012:audit", "firehose:audit", "logs:audit", "table:Audit",
    ];

    [Theory]
    [MemberData(nameof(Sinks))]
    public async Task Denied_access_is_down_and_says_which_right_is_missing(string address)
    {
        rig.Aws.Answers(400, """{"__type":"com.amazon#AccessDeniedException","message":"User x is not authorized to perform this"}""");

        var error = await SinkRig.FailAsync(rig.Open(address));

        error.IsDown.ShouldBeTrue();
        error.Message.ShouldBe($"{address}: AccessDeniedException: User x is not authorized to perform this");
        error.Hint.ShouldStartWith("Allow ");
        rig.Aws.Requests.Count.ShouldBe(1);
    }

    [Theory]
    [MemberData(nameof(Sinks))]
    public async Task A_throttle_that_does_not_end_is_down_after_five_attempts(string address)
    {
        rig.Aws.Answers(400, """{"__type":"ThrottlingException","message":"Rate exceeded"}""");

        (await SinkRig.FailAsync(rig.Open(address))).IsDown.ShouldBeTrue();

        rig.Aws.Requests.Count.ShouldBe(5);
    }

    [Theory]
    [MemberData(nameof(Sinks))]
    public async Task A_service_that_cannot_be_reached_is_down(string address)
    {
        rig.Aws.Fails(new HttpRequestException("Connection refused"));

        var error = await SinkRig.FailAsync(rig.Open(address));

        error.IsDown.ShouldBeTrue();
        error.Hint.ShouldContain("Entries wait meanwhile");
    }

    [Theory]
    [MemberData(nameof(Sinks))]
    public async Task A_service_that_fails_is_down(string address)
    {
        rig.Aws.Answers(503, "<html>Service Unavailable</html>");

        (await SinkRig.FailAsync(rig.Open(address))).IsDown.ShouldBeTrue();
    }

    [Theory]
    [MemberData(nameof(Sinks))]
    public async Task Credentials_that_have_run_out_are_down(string address)
    {
        rig.Aws.Answers(403, """{"__type":"ExpiredTokenException","message":"The security token included in the request is expired"}""");

        (await SinkRig.FailAsync(rig.Open(address))).IsDown.ShouldBeTrue();
    }

    [Theory]
    [MemberData(nameof(Sinks))]
    public async Task An_answer_of_something_else_is_down_and_quoted(string address)
    {
        rig.Aws.Answers(200, "welcome to the hotel's network");

        var error = await SinkRig.FailAsync(rig.Open(address));

        error.IsDown.ShouldBeTrue();
        error.Message.ShouldContain("welcome to the hotel's network");
    }

    public void Dispose() => rig.Dispose();
}
