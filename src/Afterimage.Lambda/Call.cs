using Afterimage.Relay;

namespace Afterimage.Lambda;

/// <summary>A call while it is answered: which of its records must come again.</summary>
/// <param name="requestId">Names the call.</param>
/// <param name="log">Is told what happened.</param>
internal sealed class Call(string requestId, FunctionLog log) : IProgress<SinkNews>
{
    private readonly HashSet<EventRecord> failed = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<string> orders = [];

    /// <summary>Names the call.</summary>
    public string RequestId => requestId;

    /// <summary>How many must come again.</summary>
    public int Failures => failed.Count;

    /// <summary>Whether a record must come again.</summary>
    public bool HasFailed(EventRecord record) => failed.Contains(record);

    /// <summary>Whether a record may not be taken, since one has failed that it must not overtake.</summary>
    public bool Waits(EventRecord record) => orders.Contains(record.Order);

    /// <summary>Says that a record must come again.</summary>
    public void Fail(EventRecord record)
    {
        failed.Add(record);
        orders.Add(record.Order);
    }

    /// <summary>Says that a record is none of a stream.</summary>
    public void Refuse(EventRecord record)
    {
        log.Warning("A message is not a record of a stream. It stays in the queue.", ("requestId", requestId), ("messageId", record.Identifier), ("reason", record.Foreign));
        Fail(record);
    }

    /// <summary>Tells what stands in the way of a sink.</summary>
    public void Report(SinkNews value) => log.Error(value.What, ("requestId", requestId), ("sink", value.Sink), ("entry", value.Entry?.Value), ("hint", value.Hint));
}
