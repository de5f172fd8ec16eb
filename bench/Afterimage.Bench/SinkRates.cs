using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Afterimage.Capture;
using Afterimage.Entries;
using Afterimage.Hosting;
using Afterimage.Relay;
using Afterimage.Streams.Aws;
using Afterimage.Streams.Reading;
using Afterimage.Streams.Records;
using Afterimage.Streams.Shards;
using Afterimage.Trail;

namespace Afterimage.Bench;

/// <summary>What a target that is down costs the trail and another sink: the same entries kept and passed on to a file, with and without targets that refuse connections or never answer, in turns.</summary>
internal static class SinkRates
{
    private const int Rounds = 5;
    private const int BatchRecords = 1_000;

    private static readonly ShardId Shard = new("shardId-00000001795302519000-abcdef12");

    public static async Task RunAsync(int entries, TimeProvider time, CancellationToken ct)
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var hanging = $"webhook:http://127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}/";
        (string Name, string[] Others)[] cases = [("file alone", []), ("and one that refuses connections", ["webhook:http://127.0.0.1:9/"]), ("and one that never answers", [hanging])];
        var found = cases.ToDictionary(one => one.Name, _ => new List<(double Trail, double File)>());
        for (var round = 0; round <= Rounds; round++)
        {
            foreach (var (name, others) in cases)
            {
                var rates = await MeasureAsync(entries, others, time, ct);
                if (round > 0)
                {
                    found[name].Add(rates);
                }
            }
        }

        foreach (var (name, rates) in found)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{name,-34} trail {Median(rates.Select(rate => rate.Trail)):N0} entries/s, file {Median(rates.Select(rate => rate.File)):N0} entries/s (medians of {Rounds})"));
        }
    }

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(Rounds / 2);

    private static async Task<(double Trail, double File)> MeasureAsync(int entries, string[] others, TimeProvider time, CancellationToken ct)
    {
        var folder = Directory.CreateTempSubdirectory("afterimage-bench-");
        try
        {
            await using var trail = await Trails.OpenFileAsync($"sqlite:{Path.Combine(folder.FullName, "trail.db")}", OpenMode.CreateOrWrite, ct);
            await trail.KeepTableAsync(new TrailTable("Orders", new Trail.KeyAttribute("id", AttributeKind.S), null, null, Followed: true), ct);
            using var access = new SinkAccess(new AwsSettings("us-east-1"), Variable, time, new Random(1));
            var site = new RelayingSite(access, _ => { }, new Progress<SinkNews>(), Variable, time, new Random(1), count => new byte[count], TimeSpan.FromMilliseconds(500));
            var file = $"file:{Path.Combine(folder.FullName, "entries.jsonl")}";
            using var abandon = CancellationTokenSource.CreateLinkedTokenSource(ct);
            await using var relaying = await Relaying.StartAsync(trail, [new SinkOptions(file), .. others.Select(other => new SinkOptions(other))], site, abandon.Token);
            using var recorder = new Recorder(trail, _ => TableRules.None, new Nudges(relaying), count => new byte[count]);
            var began = time.GetTimestamp();
            var progress = new ShardProgress(Shard, null, null, 0, Finished: false);
            for (var at = 0; at < entries; at += BatchRecords)
            {
                var records = StreamsAnswers.Records(SampleRecords.Answer(8, BatchRecords, at)).Records;
                progress = ((KeepResult.Kept)await recorder.KeepAsync(new StreamBatch(EntryBenchmarks.Arn, Shard, records, EndsShard: false), progress, ct)).After;
            }

            var kept = time.GetElapsedTime(began);
            while ((await SinkState.AllAsync(trail, await trail.ShardsAsync(null, ct), ct)).First(sink => sink.Address == file).Behind > 0)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(10), time, ct);
            }

            var passed = time.GetElapsedTime(began);
            await abandon.CancelAsync();
            return (entries / kept.TotalSeconds, entries / passed.TotalSeconds);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string? Variable(string name) => name switch
    {
        "AWS_ACCESS_KEY_ID" or "AWS_SECRET_ACCESS_KEY" or WebhookSecret => "afterimage",
        _ => null,
    };

    private const string WebhookSecret = "AFTERIMAGE_WEBHOOK_SECRET";

    private sealed class Nudges(Relaying relaying) : IProgress<KeptBatch>
    {
        public void Report(KeptBatch value) => relaying.Nudge();
    }
}
