using System.Net.Http.Headers;
using System.Text.Json;

namespace Afterimage.Streams.Aws;

/// <summary>
/// Calls one AWS service that speaks JSON, or takes forms and answers XML: UTF-8 out, UTF-8 in, signed, with retries and a corrected clock.
/// Any number of callers may use it at once.
/// </summary>
/// <param name="service">The service.</param>
/// <param name="credentials">Asked at every attempt, since they may be renewed between two.</param>
/// <param name="http">The connections.</param>
/// <param name="time">The clock of signatures, waits and deadlines.</param>
/// <param name="random">The jitter of waits; not used by anyone else.</param>
internal sealed class SignedJsonClient(SignedEndpoint service, ChainCredentials credentials, HttpMessageInvoker http, TimeProvider time, Random random)
{
    /// <summary>How long an attempt may take, from connecting to the last byte of the answer.</summary>
    public static readonly TimeSpan AttemptTimeout = TimeSpan.FromSeconds(30);

    private readonly MediaTypeHeaderValue contentType = MediaTypeHeaderValue.Parse(service.ContentType);
    private readonly RequestSigner signer = new(service);
    private readonly SkewedClock clock = new(time);

    /// <summary>Calls an operation.</summary>
    /// <param name="operation">Its name.</param>
    /// <param name="body">The request, as the service's protocol has it.</param>
    /// <param name="read">
    /// Reads the answer. Throws JsonException, FormatException, InvalidOperationException or KeyNotFoundException when it is not what was expected.
    /// </param>
    /// <param name="ct">Abandons the call.</param>
    /// <exception cref="AwsException">The service refused, or retries did not help.</exception>
    /// <exception cref="AwsConfigurationException">There are no credentials.</exception>
    public async Task<T> CallAsync<T>(string operation, ReadOnlyMemory<byte> body, Func<ReadOnlyMemory<byte>, T> read, CancellationToken ct)
    {
        var target = service.TargetPrefix is { } prefix ? prefix + operation : null;
        var clockCorrected = false;
        for (var attempt = 1; ; attempt++)
        {
            AwsException failure;
            try
            {
                var answer = await SendAsync(target, body, ct);
                if (answer.StatusCode == 200)
                {
                    return Read(answer, target ?? operation, read);
                }

                failure = AwsErrors.Read(answer.Body.Span, answer.StatusCode, answer.ErrorType, answer.RequestId);
                if (!clockCorrected && clock.TryCorrect(failure.Code, answer.SignedAt, answer.ServerTime))
                {
                    clockCorrected = true;
                    continue;
                }
            }
            catch (AwsException e)
            {
                failure = e;
            }

            var delay = RetryPlan.DelayAfter(attempt, RetryPlan.Classify(failure), Jitter());
            if (delay is null)
            {
                throw failure;
            }

            await Task.Delay(delay.Value, time, ct);
        }
    }

    private async Task<Answer> SendAsync(string? target, ReadOnlyMemory<byte> body, CancellationToken ct)
    {
        var keys = await credentials.GetCredentialsAsync(ct);
        var signedAt = clock.Now;
        var signature = signer.Sign(keys, target, body.Span, signedAt);

        using var content = new ReadOnlyMemoryContent(body);
        content.Headers.ContentType = contentType;
        using var request = new HttpRequestMessage(HttpMethod.Post, service.Endpoint) { Content = content };
        if (target is not null)
        {
            request.Headers.TryAddWithoutValidation("X-Amz-Target", target);
        }

        request.Headers.TryAddWithoutValidation("X-Amz-Date", signature.Date);
        request.Headers.TryAddWithoutValidation("Authorization", signature.Authorization);
        request.Headers.TryAddWithoutValidation("User-Agent", "Afterimage.Streams");
        if (keys.UseToken)
        {
            request.Headers.TryAddWithoutValidation("X-Amz-Security-Token", keys.Token);
        }

        using var deadline = new CancellationTokenSource(AttemptTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, deadline.Token);
        try
        {
            using var response = await http.SendAsync(request, either.Token);
            var answered = await response.Content.ReadAsByteArrayAsync(either.Token);
            return new(
                (int)response.StatusCode,
                answered,
                Header(response, "x-amzn-ErrorType"),
                Header(response, "x-amzn-RequestId"),
                response.Headers.Date,
                signedAt);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new EndpointUnreachableException(service.Endpoint, e.Message, e);
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            throw new EndpointUnreachableException(service.Endpoint, $"no answer within {AttemptTimeout.TotalSeconds} seconds.", e);
        }
    }

    private T Read<T>(Answer answer, string target, Func<ReadOnlyMemory<byte>, T> read)
    {
        try
        {
            return read(answer.Body);
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException or KeyNotFoundException)
        {
            throw AwsErrors.UnreadableAnswer(service.Endpoint, target, answer.Body.Span, answer.RequestId, e);
        }
    }

    private double Jitter()
    {
        lock (random)
        {
            return random.NextDouble();
        }
    }

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.NonValidated.TryGetValues(name, out var values) ? values.ToString() : null;

    /// <summary>What came back, whole.</summary>
    private readonly record struct Answer(
        int StatusCode, ReadOnlyMemory<byte> Body, string? ErrorType, string? RequestId, DateTimeOffset? ServerTime, DateTimeOffset SignedAt);
}
