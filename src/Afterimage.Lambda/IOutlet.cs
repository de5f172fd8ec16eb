namespace Afterimage.Lambda;

/// <summary>Where the records of a call end up: in a trail, or at sinks.</summary>
internal interface IOutlet
{
    /// <summary>Takes the records of a call, in their order, and says in the call which of them must come again.</summary>
    /// <param name="records">The records.</param>
    /// <param name="call">The call.</param>
    /// <param name="ct">Gives up, since the call's time is over: what is not known to be done then has failed.</param>
    Task TakeAsync(IReadOnlyList<EventRecord> records, Call call, CancellationToken ct);
}
