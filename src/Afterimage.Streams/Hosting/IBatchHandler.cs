using Afterimage.Streams.Aws;
using Afterimage.Streams.Reading;

namespace Afterimage.Streams.Hosting;

/// <summary>Takes what is read of the streams that <see cref="StreamsRegistration.AddDynamoDbStreams"/> follows.</summary>
/// <remarks>
/// <para>
/// At least once: progress moves only after the handler returned, so that a batch comes again after a crash, and where another worker took
/// the shard meanwhile. <see cref="Records.StreamRecord.EventId"/> tells a repeat.
/// </para>
/// <para>
/// Each batch has a scope of services of its own. Batches of one shard come one after another, in the order of the stream; those of different
/// shards may come at the same moment. A child shard comes after its parent, so that the changes of one item are always in order.
/// </para>
/// </remarks>
public interface IBatchHandler
{
    /// <summary>Handles what comes next of one shard.</summary>
    /// <param name="batch">
    /// The records, which may be none. Where <see cref="StreamBatch.Gap"/> is set, changes before them cannot be read any more. What was written
    /// between two streams of a table is such a gap too, in a shard <c>_table/NAME</c> that holds nothing else.
    /// </param>
    /// <param name="ct">Set when the host's time for shutting down is over: the batch comes again at the next start.</param>
    /// <exception cref="AwsException">One that may pass: the shard is read again after a pause. Any other exception ends the run, and so the host by its default.</exception>
    Task HandleAsync(StreamBatch batch, CancellationToken ct);
}
