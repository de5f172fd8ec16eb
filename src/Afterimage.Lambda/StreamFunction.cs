using System.Text.Json;

namespace Afterimage.Lambda;

/// <summary>The function: hands the records of each call on, and says from where on they must come again.</summary>
/// <param name="outlet">Where they end up.</param>
/// <param name="clock">Tells how long a call may take.</param>
/// <param name="log">Is told what happened.</param>
internal sealed class StreamFunction(IOutlet outlet, TimeProvider clock, FunctionLog log)
{
    // So much of a call's time is left for its answer.
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(1);

    /// <summary>Answers one call.</summary>
    public async Task AnswerAsync(Invocation invocation, RuntimeApi api, CancellationToken ct)
    {
        try
        {
            await api.AnswerAsync(invocation, await RunAsync(invocation, ct), ct);
        }
        catch (FormatException e)
        {
            log.Error("The event is refused.", e, ("requestId", invocation.RequestId));
            await api.FailAsync(invocation, e, ct);
        }
    }

    /// <summary>Hands the records of a call on.</summary>
    /// <returns>The answer: which records must come again, as <c>ReportBatchItemFailures</c> takes it.</returns>
    /// <exception cref="FormatException">The event is none of a stream or a queue.</exception>
    public async Task<byte[]> RunAsync(Invocation invocation, CancellationToken ct)
    {
        var records = FunctionEvent.Read(invocation.Payload);
        using var inTime = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var left = invocation.Deadline - clock.GetUtcNow() - AnswerTime;
        await using var timer = clock.CreateTimer(_ => inTime.Cancel(), null, left > TimeSpan.Zero ? left : Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        if (left <= TimeSpan.Zero)
        {
            await inTime.CancelAsync();
        }

        var call = new Call(invocation.RequestId, log);
        await outlet.TakeAsync(records, call, inTime.Token);
        ct.ThrowIfCancellationRequested();

        // Of a stream everything from the lowest failure on comes again; of a queue each message is named.
        var named = records.Where(call.HasFailed).DistinctBy(record => record.IsMessage ? record.Identifier : string.Empty);
        return JsonSerializer.SerializeToUtf8Bytes(new { batchItemFailures = named.Select(record => new { itemIdentifier = record.Identifier }) });
    }
}
