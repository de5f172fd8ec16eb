using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace Afterimage.Relay.Sinks;

/// <summary><c>webhook:URL</c>: a POST of the batch as a JSON array, signed with a secret that both sides know. For alerts.</summary>
internal sealed class WebhookSink(string address, Uri url, byte[] secret, SinkSite site) : ISink
{
    /// <summary>Where the secret is: never in a configuration, which is shown and kept in many places.</summary>
    public const string SecretVariable = "AFTERIMAGE_WEBHOOK_SECRET";

    /// <summary>The header of the signature.</summary>
    public const string SignatureHeader = "Afterimage-Signature";

    /// <summary>How long a call may take, whatever the other side does meanwhile.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    // As much of an answer as is worth being shown.
    private const int QuotedMax = 200;

    private static readonly MediaTypeHeaderValue Json = new("application/json");

    /// <summary>What a receiver of alerts can be asked to take at once.</summary>
    public static SinkLimits Takes { get; } = new(100, 1_000_000, 250_000) { EntryOverhead = 2 };

    /// <inheritdoc/>
    public string Address => address;

    /// <inheritdoc/>
    public SinkLimits Limits => Takes;

    /// <summary>The secret.</summary>
    /// <exception cref="UsageException">There is none.</exception>
    public static byte[] SecretIn(Func<string, string?> environment) => environment(SecretVariable) is { Length: > 0 } text
        ? Encoding.UTF8.GetBytes(text)
        : throw new UsageException("A webhook is signed, and there is no secret to sign with.", $"Set {SecretVariable} to a random text that the receiver knows too, such as that of: openssl rand -hex 32");

    /// <summary>The signature's text: the time, and HMAC-SHA256 of the time, a dot and the body.</summary>
    public static string Sign(byte[] secret, DateTimeOffset now, ReadOnlySpan<byte> body)
    {
        var moment = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        byte[] signed = [.. Encoding.ASCII.GetBytes(moment), (byte)'.', .. body];
        return $"t={moment},v1={Convert.ToHexStringLower(HMACSHA256.HashData(secret, signed))}";
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Delivery>> SendAsync(IReadOnlyList<OutgoingEntry> batch, CancellationToken ct)
    {
        var body = Body(batch);
        using var content = new ReadOnlyMemoryContent(body);
        content.Headers.ContentType = Json;
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = content };
        request.Headers.TryAddWithoutValidation(SignatureHeader, Sign(secret, site.Time.GetUtcNow(), body));
        request.Headers.TryAddWithoutValidation("User-Agent", "Afterimage");

        using var deadline = new CancellationTokenSource(Timeout, site.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, deadline.Token);
        try
        {
            using var response = await site.Http.SendAsync(request, either.Token);
            if (response.IsSuccessStatusCode)
            {
                return [.. batch.Select(_ => Delivery.Done)];
            }

            throw Failure((int)response.StatusCode, await BeginningAsync(response.Content, either.Token));
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw Down(e.Message, e);
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            throw Down($"no answer within {Timeout.TotalSeconds} seconds.", e);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static byte[] Body(IReadOnlyList<OutgoingEntry> batch)
    {
        using var body = new MemoryStream();
        for (var at = 0; at < batch.Count; at++)
        {
            body.WriteByte((byte)(at == 0 ? '[' : ','));
            body.Write(batch[at].Text.Span);
        }

        body.WriteByte((byte)']');
        return body.ToArray();
    }

    // An answer may be endless: no more is read than is shown.
    private static async Task<string> BeginningAsync(HttpContent content, CancellationToken ct)
    {
        await using var stream = await content.ReadAsStreamAsync(ct);
        var beginning = new byte[QuotedMax];
        var length = await stream.ReadAtLeastAsync(beginning, QuotedMax, throwOnEndOfStream: false, ct);
        return Encoding.UTF8.GetString(beginning, 0, length).ReplaceLineEndings(" ");
    }

    private SinkException Failure(int status, string text) => status switch
    {
        400 or 413 or 422 => new SinkException(isDown: false, $"{Name} refuses what it is sent: HTTP {status} {text}", "See what the receiver wants of the body: an array of entries."),
        >= 300 and < 400 => Down($"HTTP {status}, a redirect.", null, "Redirects are not followed, since they would take the entries elsewhere: write the address that it names."),
        401 or 403 => Down($"HTTP {status} {text}", null, $"See that the receiver has the same secret as {SecretVariable}, and that its clock is right."),
        _ => Down($"HTTP {status} {text}", null),
    };

    private SinkException Down(string message, Exception? cause, string? hint = null) =>
        new(isDown: true, $"{Name}: {message}", hint ?? "See that the receiver is up and can be reached from here. Entries wait meanwhile.", cause);

    // Without what stands behind the path: it may hold a key.
    private string Name => $"webhook:{url.GetLeftPart(UriPartial.Path)}";
}
