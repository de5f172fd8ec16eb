using Afterimage.Streams.Aws;

namespace Afterimage.Tests.Streams.Aws;

public sealed class RetryPlanTests
{
    [Fact]
    public void The_bound_doubles_and_throttles_wait_longer()
    {
        Bounds(AttemptFailure.Transient).ShouldBe([0.1, 0.2, 0.4, 0.8]);
        Bounds(AttemptFailure.Throttled).ShouldBe([0.5, 1, 2, 4]);
    }

    [Fact]
    public void Jitter_takes_any_part_of_the_bound()
    {
        RetryPlan.DelayAfter(1, AttemptFailure.Throttled, 0).ShouldBe(TimeSpan.Zero);
        RetryPlan.DelayAfter(1, AttemptFailure.Throttled, 0.5).ShouldBe(TimeSpan.FromMilliseconds(250));
    }

    [Fact]
    public void The_last_attempt_is_the_last() => RetryPlan.DelayAfter(RetryPlan.AttemptsMax, AttemptFailure.Throttled, 0.5).ShouldBeNull();

    [Fact]
    public void What_stays_the_same_is_not_tried_again() => RetryPlan.DelayAfter(1, AttemptFailure.Final, 0.5).ShouldBeNull();

    [Theory]
    [InlineData("LimitExceededException", 400, AttemptFailure.Throttled)]
    [InlineData("com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException", 400, AttemptFailure.Throttled)]
    [InlineData("ThrottlingException", 400, AttemptFailure.Throttled)]
    [InlineData("RequestLimitExceeded", 400, AttemptFailure.Throttled)]
    [InlineData("Whatever", 429, AttemptFailure.Throttled)]
    [InlineData("InternalServerError", 500, AttemptFailure.Transient)]
    [InlineData("HTTP 503", 503, AttemptFailure.Transient)]
    [InlineData("UnreadableResponse", 200, AttemptFailure.Transient)]
    [InlineData("ExpiredIteratorException", 400, AttemptFailure.Final)]
    [InlineData("TrimmedDataAccessException", 400, AttemptFailure.Final)]
    [InlineData("ResourceNotFoundException", 400, AttemptFailure.Final)]
    [InlineData("AccessDeniedException", 400, AttemptFailure.Final)]
    [InlineData("ValidationException", 400, AttemptFailure.Final)]
    public void Errors_are_sorted_by_what_helps(string code, int status, object expected) =>
        RetryPlan.Classify(AwsErrors.Create(code, "text", status, null)).ShouldBe((AttemptFailure)expected);

    private static IEnumerable<double> Bounds(AttemptFailure failure) =>
        Enumerable.Range(1, RetryPlan.AttemptsMax - 1).Select(attempt => RetryPlan.DelayAfter(attempt, failure, 1)!.Value.TotalSeconds);
}
