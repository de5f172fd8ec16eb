using System.Diagnostics.Metrics;
using Afterimage.Streams.Records;
using Afterimage.Streams.Shards;

namespace Afterimage.Streams.Watching;

/// <summary>The instruments of a worker. What counts is counted as it happens; what is a state is read from the lookout when somebody collects.</summary>
/// <remarks>
/// A table's series tell the worst of its shards. A shard has series of its own only while this worker holds it, it is open, and its table has no more than
/// <see cref="ShardSeriesMax"/> of those here: closed shards come by the thousand, and each series lives on in whoever collects.
/// </remarks>
internal sealed class StreamsMeter
{
    public const int ShardSeriesMax = 100;

    private readonly Lookout lookout;
    private readonly Counter<long> reads;
    private readonly Counter<long> records;
    private readonly Counter<long> gaps;
    private readonly Counter<long> failures;
    private readonly Histogram<double> keeping;

    public StreamsMeter(Meter meter, Lookout lookout)
    {
        this.lookout = lookout;
        reads = meter.CreateCounter<long>("afterimage.stream.reads", "{read}", "Reads of shards that were answered.");
        records = meter.CreateCounter<long>("afterimage.stream.records", "{record}", "Records that were read and are kept, repeats included.");
        gaps = meter.CreateCounter<long>("afterimage.stream.gaps", "{gap}", "Stretches of changes that are missing, or may be.");
        failures = meter.CreateCounter<long>("afterimage.stream.failures", "{failure}", "Calls that failed and are tried again.");
        keeping = meter.CreateHistogram<double>("afterimage.stream.keep.duration", "s", "How long it took to make a batch durable.");
        meter.CreateObservableUpDownCounter("afterimage.stream.shards", Counts, "{shard}", "Shards that are listed, by what becomes of them.");
        Gauges(meter, "lag", Lag, "Since when something may be unread: the age of what was read through last.");
        Gauges(meter, "time_to_trim", sight => -TimeToTrim(sight), "24 hours less the age of the oldest record that may be unread.");
        Gauges(meter, "read.age", sight => lookout.Ago(sight.Since).TotalSeconds, "How long ago a read last succeeded.");
    }

    public void Read(StreamArn stream, string result) => reads.Add(1, [.. Tags(stream), new("afterimage.read.result", result)]);

    public void Failed(string activity, string code) => failures.Add(1, new("afterimage.activity", activity), new("error.type", code));

    public void Kept(StreamArn stream, int count, ShardGap? gap, TimeSpan took)
    {
        records.Add(count, Tags(stream));
        keeping.Record(took.TotalSeconds, Tags(stream));
        if (gap is not null)
        {
            gaps.Add(1, [.. Tags(stream), new("afterimage.gap.cause", gap.Cause.ToString()), new("afterimage.gap.certainty", gap.Certainty.ToString())]);
        }
    }

    // The worst is the greatest value: what is worse the smaller it is comes in negated.
    private void Gauges(Meter meter, string name, Func<ShardSight, double?> badness, string description)
    {
        meter.CreateObservableGauge($"afterimage.stream.{name}", () => Worst(badness), "s", $"{description} The worst of the table's shards that are read here.");
        meter.CreateObservableGauge($"afterimage.shard.{name}", () => Each(badness), "s", $"{description} One open shard that is read here.");
    }

    private IEnumerable<Measurement<double>> Worst(Func<ShardSight, double?> badness) => lookout.Shards
        .GroupBy(sight => Table(sight.Stream))
        .Select(table => (table.First().Stream, Worst: table.Max(badness)))
        .Where(table => table.Worst is not null)
        .Select(table => new Measurement<double>(Math.Abs(table.Worst!.Value), Tags(table.Stream)));

    private IEnumerable<Measurement<double>> Each(Func<ShardSight, double?> badness) => lookout.Shards
        .Where(sight => sight.IsOpen)
        .GroupBy(sight => Table(sight.Stream))
        .Select(table => table.ToList())
        .Where(table => table.Count <= ShardSeriesMax)
        .SelectMany(table => table)
        .Select(sight => (sight, Value: badness(sight)))
        .Where(one => one.Value is not null)
        .Select(one => new Measurement<double>(Math.Abs(one.Value!.Value), [.. Tags(one.sight.Stream), new("afterimage.shard.id", one.sight.Shard.Value)]));

    private IEnumerable<Measurement<int>> Counts() => lookout.Streams
        .GroupBy(one => Table(one.Key))
        .SelectMany(table => new (string State, int Count)[]
        {
            ("reading", table.Sum(one => one.Value.Counts.Reading)),
            ("elsewhere", table.Sum(one => one.Value.Counts.Elsewhere)),
            ("waiting", table.Sum(one => one.Value.Counts.Waiting)),
            ("finished", table.Sum(one => one.Value.Counts.Finished)),
        }.Select(one => new Measurement<int>(one.Count, [.. Tags(table.First().Key), new("afterimage.shard.state", one.State)])));

    private double? Lag(ShardSight sight) => WatchedShard.LagOf(sight.ReadThrough, lookout.UtcNow)?.TotalSeconds;

    private double? TimeToTrim(ShardSight sight) => WatchedShard.TimeToTrimOf(sight.ReadThrough, lookout.UtcNow)?.TotalSeconds;

    // A table that was made anew, or whose stream was switched off and on, stays one series.
    private static (string Account, string Region, string Table) Table(StreamArn stream) => (stream.Account, stream.Region, stream.Table);

    private static KeyValuePair<string, object?>[] Tags(StreamArn stream) =>
        [new("aws.dynamodb.table_name", stream.Table), new("cloud.region", stream.Region), new("cloud.account.id", stream.Account)];
}
