using System.Globalization;
using System.Security.Cryptography;
using Amazon.Runtime;
using Amazon.Runtime.Internal.Auth;

namespace Afterimage.Streams.Aws;

/// <summary>What signing adds to a request.</summary>
internal readonly record struct Signature(string Date, string Authorization);

/// <summary>Signature version 4: the canonical request is put together here, the SDK's signer does the rest.</summary>
internal sealed class RequestSigner(SignedEndpoint service)
{
    // The path is canonical when it is escaped once more, segment by segment (for every service but S3).
    private readonly string head =
        $"POST\n{string.Join('/', service.Endpoint.AbsolutePath.Split('/').Select(Uri.EscapeDataString))}\n\n"
        + $"content-type:{service.ContentType}\nhost:{service.Endpoint.Authority}\n";

    /// <summary>Signs a request with content-type, host, x-amz-date, the session token if there is one, and x-amz-target if the service wants it.</summary>
    public Signature Sign(ImmutableCredentials credentials, string? target, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        var date = now.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        var signedHeaders = $"content-type;host;x-amz-date{(credentials.UseToken ? ";x-amz-security-token" : string.Empty)}{(target is null ? string.Empty : ";x-amz-target")}";
        var token = credentials.UseToken ? $"x-amz-security-token:{credentials.Token}\n" : string.Empty;
        var named = target is null ? string.Empty : $"x-amz-target:{target}\n";
        var hash = Convert.ToHexStringLower(SHA256.HashData(body));
        var canonical = $"{head}x-amz-date:{date}\n{token}{named}\n{signedHeaders}\n{hash}";
        var result = AWS4Signer.ComputeSignature(credentials, service.Region, now.UtcDateTime, service.SigningName, signedHeaders, canonical);
        return new(date, result.ForAuthorizationHeader);
    }
}
