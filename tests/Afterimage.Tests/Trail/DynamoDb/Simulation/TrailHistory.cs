using Afterimage.Entries;
using Afterimage.Streams.Aws;
using Afterimage.Streams.Records;
using Afterimage.Streams.Shards;
using Afterimage.Tests.Support;
using Afterimage.Trail;

namespace Afterimage.Tests.Trail.DynamoDb.Simulation;

/// <summary>One seed's history of a trail in DynamoDB, from the first write to the last check.</summary>
internal sealed class TrailHistory : IDisposable
{
    private static readonly TableRules[] Configured = [TrailRig.Rules, TrailRig.Rules, TrailRig.OtherRules, TableRules.None, TrailRig.Rules with { Redact = [AttributePath.Parse("/a"), AttributePath.Parse("/b")] }];

    private readonly Random random;
    private readonly TrailRig rig;
    private readonly TurnLoop loop;
    private readonly List<RigProcess> processes = [];
    private readonly Dictionary<string, int> places = [];
    private readonly List<(ShardId Shard, IReadOnlyList<ReadOnlyMemory<byte>> Records)> shards = [];

    private TrailHistory(int seed, TrailRig rig)
    {
        random = new Random(seed);
        this.rig = rig;
        loop = new TurnLoop(new Random(random.Next()), TurnWeather.Draw(random), rig.Table);
        foreach (var shard in Enumerable.Range(1, random.Next(1, 4)))
        {
            var records = rig.Batch(random.Next(3, 16));
            if (random.Next(4) == 0)
            {
                records.Insert(random.Next(records.Count), TrailRig.Rubbish(shard));
            }

            foreach (var (place, raw) in records.Index().Where(one => TrailRig.NumberOf(one.Item) is not null))
            {
                places.Add(TrailRig.NumberOf(raw)!, place);
            }

            shards.Add((new ShardId($"shardId-{shard}"), records));
        }
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Runs a history and checks it.</summary>
    public static async Task RunAsync(int seed)
    {
        using var history = new TrailHistory(seed, await TrailRig.NewAsync(seed));
        history.Unfold();
        await history.rig.CheckAsync(history.shards);
    }

    public void Dispose()
    {
        processes.ForEach(process => process.Dispose());
        rig.Dispose();
    }

    // All on this thread, and nothing on any other, so that the order is the seed's alone.
    private void Unfold()
    {
        var outer = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            rig.Table.IndexesLag = true;
            rig.Table.Weather = (request, _) => loop.RequestAsync(request);
            Some(1, 4, name => () => WorkAsync($"worker{name}"));
            Some(0, 3, name => () => BringAsync($"intake{name}"));
            Some(0, 3, name => () => PlaceAsync($"places{name}"));
            Some(1, 3, _ => ReadAsync);
            Some(0, 2, _ => SealAsync);
            loop.Run();
            Finish("next");

            // Whoever slept through all of that wakes up, and goes on from what it knew.
            loop.WakeAll();
            loop.IsCalm = random.Next(2) == 0;
            loop.Run();
            while (loop.IsAnybodyAsleep)
            {
                loop.WakeAll();
                loop.Run();
            }

            loop.Arrive();
            Finish("last");
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(outer);
        }
    }

    private void Some(int from, int to, Func<int, Func<Task>> work)
    {
        foreach (var number in Enumerable.Range(0, random.Next(from, to)))
        {
            loop.Begin($"{number}", work(number));
        }
    }

    private void Finish(string name)
    {
        loop.IsCalm = true;
        loop.Begin(name, async () =>
        {
            var process = NewProcess(name);
            foreach (var (shard, records) in shards)
            {
                var row = await process.RowAsync(shard);
                await process.KeepOnAsync(shard, Rest(row, records));
            }

            while (await process.Trail.PlaceIntakeAsync(Ct) > 0)
            {
            }
        });
        loop.Run();
        loop.IsCalm = false;
    }

    // A worker takes whatever shard it likes, from whoever has it, and keeps it until it is told or feels otherwise.
    private async Task WorkAsync(string name)
    {
        var process = NewProcess(name);
        for (var round = random.Next(1, 6); round > 0; round--)
        {
            try
            {
                await WorkOnceAsync(process);
            }
            catch (AwsException)
            {
                process = random.Next(2) == 0 ? process : NewProcess($"{name}-{round}");
            }
        }
    }

    private async Task WorkOnceAsync(RigProcess process)
    {
        var (shard, records) = shards[random.Next(shards.Count)];
        var row = await process.TakeAsync(shard);
        var failures = 0;
        while (row is not null && Rest(row, records) is { Count: > 0 } rest && random.Next(6) > 0)
        {
            var batch = rest.Take(random.Next(1, rest.Count + 1)).ToList();
            try
            {
                row = await process.KeepAsync(row, batch, afterGap: random.Next(8) == 0);
            }
            catch (AwsException) when (failures++ < 2 && random.Next(2) == 0)
            {
                // It was not answered, and tries again from where it thinks that it stands.
            }
        }
    }

    private async Task BringAsync(string name)
    {
        var process = NewProcess(name);
        for (var round = random.Next(1, 4); round > 0; round--)
        {
            var records = shards[random.Next(shards.Count)].Records;
            var from = random.Next(records.Count);
            var batch = records.Skip(from).Take(random.Next(1, 6)).ToList();
            for (var attempt = random.Next(1, 4); attempt > 0; attempt--)
            {
                if (await IsAnsweredAsync(() => process.BringAsync(batch)))
                {
                    break;
                }

                process = NewProcess($"{name}-{round}-{attempt}");
            }
        }
    }

    private async Task PlaceAsync(string name)
    {
        var process = NewProcess(name);
        for (var round = random.Next(1, 5); round > 0; round--)
        {
            if (!await IsAnsweredAsync(() => process.Trail.PlaceIntakeAsync(Ct)) && random.Next(2) == 0)
            {
                process = NewProcess($"{name}-{round}");
            }
        }
    }

    private async Task SealAsync()
    {
        for (var round = random.Next(1, 4); round > 0; round--)
        {
            await using var trail = FakeTrail.Open(rig.Table, OpenMode.CreateOrWrite, "sealer");
            await IsAnsweredAsync(() => rig.SealAsync(trail));
        }
    }

    private async Task ReadAsync()
    {
        for (var round = random.Next(1, 8); round > 0; round--)
        {
            await using var trail = FakeTrail.Open(rig.Table, OpenMode.ReadOnly, "reader");
            await IsAnsweredAsync(() => new TrailReader(trail, rig.Seen, random).ReadAsync([.. shards.Select(one => one.Shard)]));
        }
    }

    private static async Task<bool> IsAnsweredAsync(Func<Task> act)
    {
        try
        {
            await act();
            return true;
        }
        catch (AwsException)
        {
            return false;
        }
    }

    private RigProcess NewProcess(string name)
    {
        var process = rig.Process(name, Configured[random.Next(Configured.Length)], new TurnTime(loop));
        processes.Add(process);
        return process;
    }

    // What lies behind the last sequence number that the shard's row tells: a record that hides its number comes again.
    private List<ReadOnlyMemory<byte>> Rest(ShardProgress row, IReadOnlyList<ReadOnlyMemory<byte>> records) =>
        row.Last is { } last ? [.. records.Skip(1 + places[last.Text])] : [.. records];
}
