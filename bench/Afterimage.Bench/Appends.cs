using System.Globalization;
using Afterimage.Capture;
using Afterimage.Entries;
using Afterimage.Proof;
using Afterimage.Streams.Aws;
using Afterimage.Streams.Records;
using Afterimage.Streams.Shards;
using Afterimage.Trail;

namespace Afterimage.Bench;

/// <summary>What keeping costs as a trail grows: batches of 1,000 changes into SQLite, step by step, with the size on disk. Times are of the processor, so that a busy machine shows in them as little as can be.</summary>
internal static class Appends
{
    private const int BatchRecords = 1_000;
    private const int PrintEvery = 100;

    private static readonly ShardId Shard = new("shardId-00000001795302519000-abcdef12");

    public static async Task RunAsync(int entries, CancellationToken ct)
    {
        var folder = Directory.CreateTempSubdirectory("afterimage-bench-");
        try
        {
            await RunAsync(Path.Combine(folder.FullName, "trail.db"), entries / BatchRecords, ct);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task RunAsync(string path, int batches, CancellationToken ct)
    {
        await using var trail = await Trails.OpenFileAsync($"sqlite:{path}", OpenMode.CreateOrWrite, ct);
        await trail.KeepTableAsync(new TrailTable("Orders", new Trail.KeyAttribute("id", AttributeKind.S), null, null, Followed: true), ct);
        using var committer = new EntryCommitter(EntryBenchmarks.Arn, Shard, TableRules.None, new byte[ShardSalts.KeySize]);
        var (before, tree) = (new ShardProgress(Shard, null, null, 0, Finished: false), TreeState.Empty);
        var (committing, appending) = (TimeSpan.Zero, TimeSpan.Zero);
        var rawBytes = 0L;
        for (var batch = 1; batch <= batches; batch++)
        {
            var answer = SampleRecords.Answer(8, BatchRecords, first: (batch - 1) * BatchRecords);
            var records = StreamsAnswers.Records(answer).Records;
            rawBytes += answer.Length;
            GC.Collect();
            var start = Environment.CpuUsage.TotalTime;
            List<TrailLeaf> leaves = [.. records.Select((record, at) => committer.Commit(record, before.Size + at, default))];
            tree = tree.Append([.. leaves.Select(leaf => leaf.Hash)]);
            committing += Environment.CpuUsage.TotalTime - start;
            var after = before with { Size = tree.Size, Last = leaves[^1].Entry!.SequenceNumber };
            start = Environment.CpuUsage.TotalTime;
            await trail.AppendAsync(new TrailAppend(EntryBenchmarks.Arn, before, after, leaves, tree, TableRules.None), ct);
            appending += Environment.CpuUsage.TotalTime - start;
            before = after;
            if (batch % PrintEvery == 0)
            {
                var size = await trail.SizeAsync(ct);
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{size.Entries,10} entries: leaf and body {Each(committing):F1} us, append {Each(appending):F1} us an entry; {size.Bytes / size.Entries} bytes an entry on disk, {rawBytes / size.Entries} as delivered"));
                (committing, appending) = (TimeSpan.Zero, TimeSpan.Zero);
            }
        }
    }

    private static double Each(TimeSpan time) => time.TotalMicroseconds / (PrintEvery * BatchRecords);
}
