namespace Afterimage.Streams.Aws;

/// <summary>One service as it is called: all its requests are POSTs to one URL.</summary>
/// <param name="Endpoint">The URL.</param>
/// <param name="Region">The region that requests are signed for.</param>
/// <param name="SigningName">The name that requests are signed for; not always the service's.</param>
/// <param name="TargetPrefix">What stands before the operation in X-Amz-Target; null where the body names the operation, as in the Query protocol.</param>
/// <param name="ContentType">application/x-amz-json-1.0 or 1.1, or that of a form.</param>
internal sealed record SignedEndpoint(Uri Endpoint, string Region, string SigningName, string? TargetPrefix, string ContentType)
{
    private const string Json10 = "application/x-amz-json-1.0";
    private const string Json11 = "application/x-amz-json-1.1";
    private const string Form = "application/x-www-form-urlencoded; charset=utf-8";

    /// <summary>DynamoDB Streams, API version 2012-08-10.</summary>
    public static SignedEndpoint Streams(Uri endpoint, string region) => new(endpoint, region, "dynamodb", "DynamoDBStreams_20120810.", Json10);

    /// <summary>DynamoDB, API version 2012-08-10.</summary>
    public static SignedEndpoint DynamoDb(Uri endpoint, string region) => new(endpoint, region, "dynamodb", "DynamoDB_20120810.", Json10);

    /// <summary>Amazon Data Firehose, API version 2015-08-04.</summary>
    public static SignedEndpoint Firehose(Uri endpoint, string region) => new(endpoint, region, "firehose", "Firehose_20150804.", Json11);

    /// <summary>CloudWatch Logs, API version 2014-03-28.</summary>
    public static SignedEndpoint Logs(Uri endpoint, string region) => new(endpoint, region, "logs", "Logs_20140328.", Json11);

    /// <summary>Simple Notification Service, API version 2010-03-31: the Query protocol, forms out and XML in.</summary>
    public static SignedEndpoint Sns(Uri endpoint, string region) => new(endpoint, region, "sns", null, Form);

    /// <summary>Simple Queue Service, API version 2012-11-05.</summary>
    public static SignedEndpoint Sqs(Uri endpoint, string region) => new(endpoint, region, "sqs", "AmazonSQS.", Json10);
}
