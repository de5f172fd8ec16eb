using Afterimage.Capture;
using Afterimage.Entries;
using Afterimage.Relay;

namespace Afterimage.Lambda;

/// <summary>Passes records on to sinks, as the entries that a worker would make of them. Nothing is kept: what does not arrive at every sink must come again.</summary>
/// <param name="sinks">The sinks.</param>
/// <param name="entries">Makes entries of records.</param>
/// <param name="clock">Says when a record came that hides its own time.</param>
/// <param name="log">Is told what happened.</param>
internal sealed class SinkOutlet(DirectSinks sinks, UnkeptEntries entries, TimeProvider clock, FunctionLog log) : IOutlet
{
    /// <inheritdoc/>
    public async Task TakeAsync(IReadOnlyList<EventRecord> records, Call call, CancellationToken ct)
    {
        var (made, received) = (new List<(EventRecord Record, AuditEntry Entry)>(), clock.GetUtcNow());
        foreach (var record in records)
        {
            if (call.Waits(record))
            {
                call.Fail(record);
            }
            else if (record.Stream is { } stream)
            {
                made.Add((record, await entries.MakeAsync(stream, record.Raw, received, CancellationToken.None)));
            }
            else
            {
                call.Refuse(record);
            }
        }

        var missing = await sinks.SendAsync([.. made.Select(one => one.Entry)], call, ct);
        foreach (var (record, entry) in made.Where(one => missing.Contains(one.Entry.Id) || call.Waits(one.Record)))
        {
            call.Fail(record);
        }

        // What comes again though a sink has had it is remembered for that sink; of everything else the mapping knows that it is done.
        sinks.Forget(made.Where(one => !call.HasFailed(one.Record)).Select(one => one.Entry.Id).ToHashSet());
        log.Info("Records are passed on.", ("requestId", call.RequestId), ("passed", records.Count - call.Failures), ("failed", call.Failures));
    }
}
