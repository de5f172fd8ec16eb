namespace Afterimage.Lambda;

/// <summary>What Lambda hands over in one call.</summary>
/// <param name="RequestId">Names the call.</param>
/// <param name="Deadline">When Lambda gives it up.</param>
/// <param name="Payload">The event, as UTF-8 JSON.</param>
internal sealed record Invocation(string RequestId, DateTimeOffset Deadline, ReadOnlyMemory<byte> Payload);
