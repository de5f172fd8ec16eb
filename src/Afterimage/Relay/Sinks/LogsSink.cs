using System.Globalization;
using System.Text.Json;
using Afterimage.Entries;

namespace Afterimage.Relay.Sinks;

/// <summary>
/// <c>logs:GROUP</c>: an event of CloudWatch Logs for each entry, with the entry's time. Group and stream are made where there are none. An entry that is
/// too old for CloudWatch goes with the current time, and its text says so.
/// </summary>
internal sealed class LogsSink(string address, SinkAddress.InLogs target, TimeSpan? retention, IServiceCalls service, TimeProvider time) : ISink
{
    /// <summary>The stream within the group.</summary>
    public const string Stream = "afterimage";

    // `,"sentLate":"2026-12-24T10:00:00Z"`, and what CloudWatch counts for each event (API reference, PutLogEvents).
    private const int LateText = 40;
    private const int Overhead = 26;
    private const int BytesMax = 1_048_576;

    private const string Exists = "ResourceAlreadyExistsException";
    private const string NotThere = "ResourceNotFoundException";

    // API reference, PutLogEvents; of the 14 days an hour is left for the way there.
    private static readonly TimeSpan SpanMax = TimeSpan.FromHours(24);
    private static readonly TimeSpan AgeMax = TimeSpan.FromDays(14) - TimeSpan.FromHours(1);
    private static readonly TimeSpan AheadMax = TimeSpan.FromHours(1);

    private readonly SinkCalls calls = new(service, address, "log group", "logs:PutLogEvents, logs:CreateLogGroup, logs:CreateLogStream and logs:PutRetentionPolicy");
    private bool retentionIsDue;

    /// <summary>10,000 events or 1 MB in a call (API reference, PutLogEvents).</summary>
    public static SinkLimits Takes { get; } = new(10_000, BytesMax, BytesMax - Overhead - LateText) { EntryOverhead = Overhead + LateText };

    /// <inheritdoc/>
    public string Address => address;

    /// <inheritdoc/>
    public SinkLimits Limits => Takes;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Delivery>> SendAsync(IReadOnlyList<OutgoingEntry> batch, CancellationToken ct)
    {
        var deliveries = Enumerable.Repeat(Delivery.Done, batch.Count).ToArray();
        var now = time.GetUtcNow();
        var rejected = new List<LogEvent>();
        foreach (var call in LogEvents.Calls(LogEvents.Of(batch, now, AgeMax, AheadMax), SpanMax))
        {
            rejected.AddRange(await PutAsync(call, ct));
        }

        // Those are older than the group keeps events, which only the group knows; or this clock is wrong.
        if (rejected.Count > 0)
        {
            foreach (var again in await PutAsync([.. rejected.Select(one => one.At(now))], ct))
            {
                deliveries[again.Place] = Delivery.Refused("CloudWatch Logs rejects the entry's time, and the current one too: see this machine's clock.");
            }
        }

        return deliveries;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Makes group and stream where there are none. Whoever else makes them at the same time is as good.</summary>
    /// <returns>What was made, a sentence each.</returns>
    /// <remarks>The stream comes last: until it is there, what failed before it is done again.</remarks>
    /// <exception cref="SinkException">A call failed.</exception>
    public async Task<IReadOnlyList<string>> MakeAsync(CancellationToken ct)
    {
        var made = new List<string>();
        if (await calls.TryCallAsync("CreateLogGroup", SinkCalls.Json(writer => writer.WriteString("logGroupName"u8, target.Group)), [Exists], ct) is null)
        {
            retentionIsDue = retention is not null;
            made.Add($"Made the log group {target.Group}.");
        }

        if (retentionIsDue && retention is { } kept)
        {
            _ = await calls.TryCallAsync("PutRetentionPolicy", SinkCalls.Json(writer =>
            {
                writer.WriteString("logGroupName"u8, target.Group);
                writer.WriteNumber("retentionInDays"u8, (int)kept.TotalDays);
            }), [], ct);
            retentionIsDue = false;
            made.Add($"It keeps events for {kept.TotalDays} days.");
        }

        var stream = SinkCalls.Json(writer =>
        {
            writer.WriteString("logGroupName"u8, target.Group);
            writer.WriteString("logStreamName"u8, Stream);
        });
        if (await calls.TryCallAsync("CreateLogStream", stream, [Exists], ct) is null)
        {
            made.Add($"Made the log stream {Stream} in {target.Group}.");
        }

        return made;
    }

    // What is rejected is at the two ends of the call: the answer says where each end begins.
    private async Task<IReadOnlyList<LogEvent>> PutAsync(IReadOnlyList<LogEvent> events, CancellationToken ct)
    {
        var request = Request(events);
        var answer = await calls.FindAsync("PutLogEvents", request, NotThere, ct);
        if (answer is null)
        {
            _ = await MakeAsync(ct);
            answer = await calls.CallAsync("PutLogEvents", request, SinkCalls.Read, ct);
        }

        if (!answer.Value.TryGetProperty("rejectedLogEventsInfo", out var info) || info.ValueKind != JsonValueKind.Object)
        {
            return [];
        }

        var taken = Math.Max(Index("tooOldLogEventEndIndex", 0), Index("expiredLogEventEndIndex", 0));
        var over = Index("tooNewLogEventStartIndex", events.Count);
        return [.. events.Where((_, at) => at < taken || at >= over)];

        int Index(string name, int otherwise) => info.TryGetProperty(name, out var index) && index.TryGetInt32(out var at) ? at : otherwise;
    }

    private ReadOnlyMemory<byte> Request(IReadOnlyList<LogEvent> events) => SinkCalls.Json(writer =>
    {
        writer.WriteString("logGroupName"u8, target.Group);
        writer.WriteString("logStreamName"u8, Stream);
        writer.WriteStartArray("logEvents"u8);
        foreach (var one in events)
        {
            writer.WriteStartObject();
            writer.WriteNumber("timestamp"u8, one.Time.ToUnixTimeMilliseconds());
            writer.WriteString("message"u8, one.Text.Span);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    });
}

/// <summary>An event of a log.</summary>
/// <param name="Place">The entry's place in its batch.</param>
/// <param name="Time">The event's time.</param>
/// <param name="Text">Its message.</param>
internal sealed record LogEvent(int Place, DateTimeOffset Time, ReadOnlyMemory<byte> Text)
{
    /// <summary>The same one at another time than the entry's, which its text says.</summary>
    public LogEvent At(DateTimeOffset now) => Time == now ? this : this with
    {
        Time = now,
        Text = EntryFit.With(Text.Span, $"\"sentLate\":\"{now.UtcDateTime.ToString(EntryJson.TimeFormat, CultureInfo.InvariantCulture)}\""),
    };
}

/// <summary>How entries become events that CloudWatch takes.</summary>
internal static class LogEvents
{
    /// <summary>The events of a batch in the order of their times, those at one time in the order of the batch.</summary>
    public static IReadOnlyList<LogEvent> Of(IReadOnlyList<OutgoingEntry> batch, DateTimeOffset now, TimeSpan ageMax, TimeSpan aheadMax) =>
    [
        .. batch.Select((outgoing, at) => new LogEvent(at, outgoing.Entry.Time, outgoing.Text))
            .Select(one => one.Time < now - ageMax || one.Time > now + aheadMax ? one.At(now) : one)
            .OrderBy(one => one.Time),
    ];

    /// <summary>The calls for events in order: none spans more than so long.</summary>
    public static IEnumerable<IReadOnlyList<LogEvent>> Calls(IReadOnlyList<LogEvent> events, TimeSpan spanMax)
    {
        for (var from = 0; from < events.Count;)
        {
            var first = events[from].Time;
            var call = events.Skip(from).TakeWhile(one => one.Time - first < spanMax).ToList();
            yield return call;
            from += call.Count;
        }
    }
}
