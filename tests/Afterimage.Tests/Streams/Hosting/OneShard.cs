using Afterimage.Streams.Aws;
using Afterimage.Streams.Reading;
using Afterimage.Streams.Records;

namespace Afterimage.Tests.Streams.Hosting;

/// <summary>Reads one shard to its end and tells how far it came.</summary>
internal static class OneShard
{
    public static async Task<SequenceNumber?> CopyAsync(
        IStreamsApi api, StreamArn stream, ShardId shard, SequenceNumber? after, Func<StreamRecord, Task> copy, CancellationToken ct)
    {
        await foreach (var batch in ShardBatches.ReadAsync(api, stream, shard, after, TimeProvider.System, ct))
        {
            if (batch.Gap is { } gap)
            {
                throw new InvalidOperationException($"Changes after {gap.Last} were trimmed before they were copied.");
            }

            foreach (var raw in batch.Records)
            {
                var record = StreamRecord.Read(raw);
                await copy(record);
                after = record.SequenceNumber;
            }
        }

        return after;
    }
}
