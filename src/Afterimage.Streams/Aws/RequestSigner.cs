using System.Globalization;
using System.Security.Cryptography;
using Amazon.Runtime;
using Amazon.Runtime.Internal.Auth;

namespace Afterimage.Streams.Aws;

/// <summary>One service as it is called: all its requests are POSTs of JSON to one URL.</summary>
/// <param name="Endpoint">The URL.</param>
/// <param name="Region">The region that requests are signed for.</param>
/// <param name="SigningName">The name that requests are signed for; not always the service's.</param>
/// <param name="TargetPrefix">What stands before the operation in X-Amz-Target.</param>
/// <param name="ContentType">application/x-amz-json-1.0 or 1.1.</param>
internal sealed record SignedEndpoint(Uri Endpoint, string Region, string SigningName, string TargetPrefix, string ContentType)
{
    /// <summary>DynamoDB Streams, API version 2012-08-10.</summary>
    public static SignedEndpoint Streams(Uri endpoint, string region) =>
        new(endpoint, region, "dynamodb", "DynamoDBStreams_20120810.", "application/x-amz-json-1.0");

    /// <summary>DynamoDB, API version 2012-08-10.</summary>
    public static SignedEndpoint DynamoDb(Uri endpoint, string region) =>
        new(endpoint, region, "dynamodb", "DynamoDB_20120810.", "application/x-amz-json-1.0");
}

/// <summary>What signing adds to a request.</summary>
internal readonly record struct Signature(string Date, string Authorization);

/// <summary>Signature version 4: the canonical request is put together here, the SDK's signer does the rest.</summary>
internal sealed class RequestSigner(SignedEndpoint service)
{
    // The path is canonical when it is escaped once more, segment by segment (for every service but S3).
    private readonly string head =
        $"POST\n{string.Join('/', service.Endpoint.AbsolutePath.Split('/').Select(Uri.EscapeDataString))}\n\n"
        + $"content-type:{service.ContentType}\nhost:{service.Endpoint.Authority}\n";

    /// <summary>Signs a request with content-type, host, x-amz-date, x-amz-target and the session token, if there is one.</summary>
    public Signature Sign(ImmutableCredentials credentials, string target, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        var date = now.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        var signedHeaders = credentials.UseToken
            ? "content-type;host;x-amz-date;x-amz-security-token;x-amz-target"
            : "content-type;host;x-amz-date;x-amz-target";
        var token = credentials.UseToken ? $"x-amz-security-token:{credentials.Token}\n" : string.Empty;
        var hash = Convert.ToHexStringLower(SHA256.HashData(body));
        var canonical = $"{head}x-amz-date:{date}\n{token}x-amz-target:{target}\n\n{signedHeaders}\n{hash}";
        var result = AWS4Signer.ComputeSignature(credentials, service.Region, now.UtcDateTime, service.SigningName, signedHeaders, canonical);
        return new(date, result.ForAuthorizationHeader);
    }
}
