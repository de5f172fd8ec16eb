using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Afterimage.Relay;

/// <summary>Calls of one sink: what fails is said of the sink, with what the operator can do about it.</summary>
/// <param name="calls">The service.</param>
/// <param name="address">The sink's address.</param>
/// <param name="what">What it sends to, such as <c>topic</c>.</param>
/// <param name="right">What the caller must be allowed, such as <c>sns:Publish</c>.</param>
internal sealed class SinkCalls(IServiceCalls calls, string address, string what, string right)
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A request as JSON.</summary>
    public static ReadOnlyMemory<byte> Json(Action<Utf8JsonWriter> write)
    {
        var text = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(text, Plain))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }

        return text.WrittenMemory;
    }

    /// <summary>An answer as JSON.</summary>
    public static JsonElement Read(ReadOnlyMemory<byte> answer) => JsonSerializer.Deserialize<JsonElement>(answer.Span);

    /// <summary>Calls an operation.</summary>
    /// <exception cref="SinkException">It failed.</exception>
    public async Task<T> CallAsync<T>(string operation, ReadOnlyMemory<byte> body, Func<ReadOnlyMemory<byte>, T> read, CancellationToken ct)
    {
        try
        {
            return await calls.CallAsync(operation, body, read, ct);
        }
        catch (CallException e)
        {
            throw Explain(e);
        }
    }

    /// <summary>Calls an operation.</summary>
    /// <returns>The answer; null if the call failed with an error of this name.</returns>
    /// <exception cref="SinkException">It failed in another way.</exception>
    public async Task<JsonElement?> FindAsync(string operation, ReadOnlyMemory<byte> body, string notThere, CancellationToken ct)
    {
        try
        {
            return await calls.CallAsync(operation, body, Read, ct);
        }
        catch (CallException e) when (e.Code == notThere)
        {
            return null;
        }
        catch (CallException e)
        {
            throw Explain(e);
        }
    }

    /// <summary>Calls an operation; a failure of one of these names comes back in place of the answer.</summary>
    /// <returns>The error's name; null if there was none.</returns>
    /// <exception cref="SinkException">It failed in another way.</exception>
    public async Task<string?> TryCallAsync(string operation, ReadOnlyMemory<byte> body, IReadOnlyList<string> expected, CancellationToken ct)
    {
        try
        {
            _ = await calls.CallAsync(operation, body, answer => answer.Length, ct);
            return null;
        }
        catch (CallException e) when (expected.Contains(e.Code))
        {
            return e.Code;
        }
        catch (CallException e)
        {
            throw Explain(e);
        }
    }

    private SinkException Explain(CallException e) => new(
        e.Failure != CallFailure.Refused,
        $"{address}: {e.Message}",
        e.Hint ?? e.Failure switch
        {
            CallFailure.Missing => $"Create the {what}, or correct the sink's address; see also that region and account are the right ones. Entries wait meanwhile.",
            CallFailure.Denied => $"Allow {right} on the {what} to the credentials in force (aws sts get-caller-identity), and the use of its KMS key if it has one. Entries wait meanwhile.",
            CallFailure.Unavailable => "It is tried again for as long as it takes. Entries wait meanwhile.",
            _ => $"See what the {what} demands of messages.",
        },
        e);
}
