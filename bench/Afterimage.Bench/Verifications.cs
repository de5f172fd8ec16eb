using System.Globalization;
using System.Security.Cryptography;
using Afterimage.Capture;
using Afterimage.Entries;
using Afterimage.Sealing;
using Afterimage.Streams.Aws;
using Afterimage.Streams.Reading;
using Afterimage.Streams.Shards;
using Afterimage.Trail;
using Afterimage.Verifying;

namespace Afterimage.Bench;

/// <summary>How fast a trail is sealed and checked: so many changes of orders with 8 attributes, in two shards.</summary>
internal static class Verifications
{
    private const int BatchRecords = 1_000;
    private const int Seals = 50;

    public static async Task RunAsync(int entries, TimeProvider clock, CancellationToken ct)
    {
        var folder = Directory.CreateTempSubdirectory("afterimage-bench-");
        try
        {
            var path = Path.Combine(folder.FullName, "trail.db");
            await using var trail = await Trails.OpenFileAsync($"sqlite:{path}", OpenMode.CreateOrWrite, ct);
            var name = await trail.NameAsync("bench", ct);
            await trail.KeepTableAsync(new TrailTable("Orders", new Trail.KeyAttribute("id", AttributeKind.S), null, null, Followed: true), ct);
            using var key = SealingKeys.Open($"file:{path}.key", OpenMode.CreateOrWrite, new AwsSettings(), _ => null);
            await FillAsync(trail, entries / BatchRecords, clock, ct);
            Print("seal", entries, await MeasureAsync(() => new Sealer(trail, name, key, [], clock).SealAsync(DateTimeOffset.MaxValue, ct), clock));
            await SealOftenAsync(trail, name, key, clock, ct);
            for (var round = 0; round < 3; round++)
            {
                var verifier = new Verifier(trail, await key.VerifierAsync(name, ct), [], new VerifierOptions(), clock, RandomNumberGenerator.GetBytes);
                Verification? verified = null;
                var took = await MeasureAsync(async () => verified = await verifier.RunAsync(new Progress<long>(), ct), clock);

                // More than were sealed at first: those of the seals that were measured one by one are checked as well.
                Print("verify", verified!.Entries, took);
                Console.WriteLine($"  {verified.Result}, {verified.Entries} entries{string.Concat(verified.Findings.Take(3).Select(finding => $"\n  {finding}"))}");
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    // What one seal costs besides the leaves that it reads: a batch of 1,000 each.
    private static async Task SealOftenAsync(ITrail trail, string name, ISigningKey key, TimeProvider clock, CancellationToken ct)
    {
        using var recorder = new Recorder(trail, _ => TableRules.None, new Unheard(), RandomNumberGenerator.GetBytes);
        var sealer = new Sealer(trail, name, key, [], clock);
        var before = new ShardProgress(new("shardId-c"), null, null, 0, Finished: false);
        var spent = default((TimeSpan Wall, TimeSpan Cpu));
        for (var seal = 0; seal < Seals; seal++)
        {
            var records = StreamsAnswers.Records(SampleRecords.Answer(8, BatchRecords, first: 10_000_000 + (seal * BatchRecords))).Records;
            before = ((KeepResult.Kept)await recorder.KeepAsync(new StreamBatch(EntryBenchmarks.Arn, before.Shard, records, EndsShard: false), before, ct)).After;
            var (wall, cpu) = await MeasureAsync(() => sealer.SealAsync(DateTimeOffset.MaxValue, ct), clock);
            spent = (spent.Wall + wall, spent.Cpu + cpu);
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"a seal of {BatchRecords} leaves: {spent.Wall.TotalMilliseconds / Seals:F2} ms, {spent.Cpu.TotalMilliseconds / Seals:F2} ms of CPU"));
    }

    private static async Task FillAsync(ITrail trail, int batches, TimeProvider clock, CancellationToken ct)
    {
        using var recorder = new Recorder(trail, _ => TableRules.None, new Unheard(), RandomNumberGenerator.GetBytes);
        await recorder.BeginAsync(new StreamBeginning(EntryBenchmarks.Arn, null, clock.GetUtcNow(), StartFrom.TrimHorizon, [], []), ct);
        ShardProgress[] shards = [new(new("shardId-a"), null, null, 0, Finished: false), new(new("shardId-b"), null, null, 0, Finished: false)];
        for (var batch = 0; batch < batches; batch++)
        {
            var before = shards[batch % shards.Length];
            var records = StreamsAnswers.Records(SampleRecords.Answer(8, BatchRecords, first: batch * BatchRecords)).Records;
            var kept = await recorder.KeepAsync(new StreamBatch(EntryBenchmarks.Arn, before.Shard, records, EndsShard: false), before, ct);
            shards[batch % shards.Length] = ((KeepResult.Kept)kept).After;
        }
    }

    private static async Task<(TimeSpan Wall, TimeSpan Cpu)> MeasureAsync(Func<Task> work, TimeProvider clock)
    {
        GC.Collect();
        var (start, cpu) = (clock.GetTimestamp(), Environment.CpuUsage.TotalTime);
        await work();
        return (clock.GetElapsedTime(start), Environment.CpuUsage.TotalTime - cpu);
    }

    private static void Print(string what, long entries, (TimeSpan Wall, TimeSpan Cpu) took) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{what,-8} {entries / took.Wall.TotalSeconds,9:F0} entries/s, {took.Cpu.TotalMicroseconds / entries,5:F2} us of CPU an entry"));

    private sealed class Unheard : IProgress<KeptBatch>
    {
        public void Report(KeptBatch value)
        {
        }
    }
}
