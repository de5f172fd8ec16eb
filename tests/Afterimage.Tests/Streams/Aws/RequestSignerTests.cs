using System.Globalization;
using System.Text;
using Afterimage.Streams.Aws;
using Amazon.Runtime;

namespace Afterimage.Tests.Streams.Aws;

public sealed class RequestSignerTests
{
    // The expected values were computed once with botocore 1.43.11 (botocore.auth.SigV4Auth, its clock set to the given time) for
    // AWSRequest("POST", url, {"X-Amz-Target": target, "Content-Type": "application/x-amz-json-1.0"}, body).
    [Theory]
    [InlineData(
        "https://streams.dynamodb.us-east-1.amazonaws.com/", "us-east-1", "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", null,
        "ListStreams", "{}", "2026-11-21T20:11:12Z", "20261121T201112Z",
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261121/us-east-1/dynamodb/aws4_request, SignedHeaders=content-type;host;x-amz-date;x-amz-target, Signature=6acf84960e21343cc5aaddf887291fc28e8dce85dceb8b8c34fe030fe8bafea9")]
    [InlineData(
        "https://streams.dynamodb.eu-west-1.amazonaws.com/", "eu-west-1", "ASIDEXAMPLE", "secret/with+signs=", "IQoJb3JpZ2luX2VjEXAMPLE//////////wEaCXVzLWVhc3QtMSJ=",
        "GetRecords", "{\"ShardIterator\":\"arn:aws:dynamodb:eu-west-1:111122223333:table/Forum/stream/2015-05-20T20:51:10.252|1|AAAAAAAAAAEvJp6D+zaQ==\"}", "2026-01-01T00:00:00Z", "20260101T000000Z",
        "AWS4-HMAC-SHA256 Credential=ASIDEXAMPLE/20260101/eu-west-1/dynamodb/aws4_request, SignedHeaders=content-type;host;x-amz-date;x-amz-security-token;x-amz-target, Signature=2e40e761b3e0ac6289acc412b9c62e0df7b9a774dfe15a98b96317e1e5fb1768")]
    [InlineData(
        "http://127.0.0.1:8000/", "us-west-2", "local", "local", null,
        "DescribeStream", "{\"StreamArn\":\"Zürich €\"}", "2027-12-31T23:59:59Z", "20271231T235959Z",
        "AWS4-HMAC-SHA256 Credential=local/20271231/us-west-2/dynamodb/aws4_request, SignedHeaders=content-type;host;x-amz-date;x-amz-target, Signature=2b602f2151dfefee9353911d0386d5d95c9376a6a3d62c7fae3a1b9ced2f47a2")]
    [InlineData(
        "http://localhost:4566/a%20b/c:d", "us-west-2", "local", "local", "token",
        "GetShardIterator", "", "2024-02-29T12:00:00Z", "20240229T120000Z",
        "AWS4-HMAC-SHA256 Credential=local/20240229/us-west-2/dynamodb/aws4_request, SignedHeaders=content-type;host;x-amz-date;x-amz-security-token;x-amz-target, Signature=0aeb1d8f15c36fdad46921d7130ce26863af1e71df7711c099461bacf3719bdc")]
    public void Signatures_are_those_of_botocore(
        string url, string region, string key, string secret, string? token, string operation, string body, string moment, string date, string authorization)
    {
        var service = SignedEndpoint.Streams(new Uri(url), region);

        var signature = new RequestSigner(service).Sign(
            new ImmutableCredentials(key, secret, token),
            service.TargetPrefix + operation,
            Encoding.UTF8.GetBytes(body),
            DateTimeOffset.Parse(moment, CultureInfo.InvariantCulture));

        signature.ShouldBe(new Signature(date, authorization));
    }

    // Likewise, for AWSRequest("POST", url, {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}, body).
    [Theory]
    [InlineData(
        null,
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261121/eu-west-1/sns/aws4_request, SignedHeaders=content-type;host;x-amz-date, Signature=7cb4484db4c54cceb4cc884b30917cd7996a7e7c1d3648b02b429ba8b6356844")]
    [InlineData(
        "the+token=",
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261121/eu-west-1/sns/aws4_request, SignedHeaders=content-type;host;x-amz-date;x-amz-security-token, Signature=594f10f1d87d599fc391afc6d2b8b24bcfbc1d4ab5bc1f46aad620fdd9b79444")]
    public void Signatures_of_forms_are_those_of_botocore(string? token, string authorization)
    {
        var service = SignedEndpoint.Sns(new Uri("https://sns.eu-west-1.amazonaws.com/"), "eu-west-1");

        var signature = new RequestSigner(service).Sign(
            new ImmutableCredentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", token),
            target: null,
            "Action=PublishBatch&Version=2010-03-31&TopicArn=arn%3Aaws%3Asns%3Aeu-west-1%3A123456789012%3Aaudit.fifo&a=b+c"u8,
            DateTimeOffset.Parse("2026-11-21T20:11:12Z", CultureInfo.InvariantCulture));

        signature.ShouldBe(new Signature("20261121T201112Z", authorization));
    }
}
