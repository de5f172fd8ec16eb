using System.Text;
using Afterimage.Streams.Aws;

namespace Afterimage.Tests.Streams.Aws;

public sealed class AwsErrorsTests
{
    [Theory]
    [InlineData("com.amazonaws.dynamodb.v20120810#ResourceNotFoundException", typeof(ResourceNotFoundException))]
    [InlineData("ExpiredIteratorException", typeof(ExpiredIteratorException))]
    [InlineData("com.amazonaws.dynamodb.v20120810#TrimmedDataAccessException", typeof(TrimmedDataException))]
    [InlineData("com.amazonaws.dynamodb.v20120810#LimitExceededException", typeof(ThrottledException))]
    [InlineData("com.amazon.coral.availability#ThrottlingException", typeof(ThrottledException))]
    [InlineData("com.amazon.coral.service#AccessDeniedException", typeof(AccessDeniedException))]
    [InlineData("com.amazon.coral.service#UnrecognizedClientException", typeof(AccessDeniedException))]
    [InlineData("com.amazon.coral.service#InvalidSignatureException", typeof(AccessDeniedException))]
    [InlineData("com.amazon.coral.service#ExpiredTokenException", typeof(AccessDeniedException))]
    [InlineData("com.amazonaws.dynamodb.v20120810#MissingAuthenticationToken", typeof(AccessDeniedException))]
    [InlineData("com.amazon.coral.validate#ValidationException", typeof(AwsException))]
    public void The_type_decides_the_exception(string type, Type expected)
    {
        var error = Read($$"""{"__type":"{{type}}","message":"why"}""");

        error.GetType().ShouldBe(expected);
        error.Message.ShouldEndWith("why");
        error.Code.ShouldBe(type.Split('#')[^1]);
        error.StatusCode.ShouldBe(400);
        error.RequestId.ShouldBe("R1");
    }

    [Fact]
    public void The_message_may_have_a_capital_and_the_type_may_stand_in_the_header()
    {
        Read("""{"Message":"why","__type":"X"}""").Message.ShouldBe("X: why");
        AwsErrors.Read("{\"message\":\"why\"}"u8, 400, "ThrottlingException:http://internal.amazon.com/coral/", null).Code.ShouldBe("ThrottlingException");
    }

    [Theory]
    [InlineData("<html><body>Bad gateway</body></html>")]
    [InlineData("[1,2]")]
    [InlineData("{\"__type\":")]
    [InlineData("\"text\"")]
    public void An_error_that_is_not_JSON_is_quoted(string body)
    {
        var error = AwsErrors.Read(Encoding.UTF8.GetBytes(body), 502, null, null);

        error.Code.ShouldBe("HTTP 502");
        error.Message.ShouldContain(body);
    }

    [Fact]
    public void A_long_page_is_quoted_in_part() => Read(new string('x', 5000)).Message.Length.ShouldBeLessThan(300);

    [Fact]
    public void An_error_without_any_text_says_so() => AwsErrors.Read([], 503, null, null).Message.ShouldBe("HTTP 503: (no text)");

    private static AwsException Read(string body) => AwsErrors.Read(Encoding.UTF8.GetBytes(body), 400, null, "R1");
}
