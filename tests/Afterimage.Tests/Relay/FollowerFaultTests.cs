using System.Globalization;
using Afterimage.Relay;
using Afterimage.Streams.Aws;
using Afterimage.Tests.Support;

namespace Afterimage.Tests.Relay;

/// <summary>Random trails, targets that fail in every way, and processes that die between any two calls: a seed is a history.</summary>
public sealed class FollowerFaultTests
{
    private const int SeedsPerCase = 40;

    private static readonly SinkOptions Options = new("test:sink") { FromBeginning = true, RetryAttempts = 3 };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [InlineData(3, false)]
    [InlineData(4, false)]
    public async Task Nothing_is_lost_and_the_first_arrivals_of_an_item_are_in_its_order(int start, bool takesSome)
    {
        for (var seed = start * 1_000; seed < (start * 1_000) + SeedsPerCase; seed++)
        {
            await RunAsync(seed, takesSome);
        }
    }

    private static async Task RunAsync(int seed, bool takesSome)
    {
        var random = new Random(seed);
        await using var rig = await new RelayRig().ReadyAsync();
        await using var sink = new FakeSink { Limits = new SinkLimits(random.Next(1, 8), 1_000_000, 100_000) { TakesSome = takesSome, CallsAtOnce = takesSome ? random.Next(1, 4) : 1 } };
        var written = new List<string>();
        using var weather = new Weather(sink, random, takesSome);
        string? parent = null;
        var (number, stranger) = (0, 100_000);
        for (var generation = 0; generation < 3; generation++)
        {
            // Changes of one item follow each other from parent to child; other shards hold other items.
            var (shard, changes) = ($"shard-{generation}", Enumerable.Range(0, random.Next(0, 12)).Select(_ => $"i{random.Next(4)}:{++number}").ToList());
            var others = Enumerable.Range(0, random.Next(0, 6)).Select(_ => $"o{random.Next(3)}{generation}:{++stranger}").ToList();
            await rig.KeepAsync(shard, parent, endsShard: true, changes);
            await rig.KeepAsync($"other-{generation}", null, endsShard: false, others);
            written.AddRange([.. changes, .. others]);
            parent = shard;
            await weather.ServeAsync(rig, Options, seed);
        }

        weather.Clear();
        while (!await rig.ServeAsync(sink, Options, seed) || await new DeadLetters(rig.Trail).AllAsync(Ct).AnyAsync(Ct))
        {
            await new DeadLetters(rig.Trail).RetryAsync(await new DeadLetters(rig.Trail).AllAsync(Ct).ToListAsync(Ct), Ct);
        }

        var arrived = sink.Received.Distinct().ToList();
        arrived.ShouldBe(written, ignoreOrder: true, $"seed {seed}");
        foreach (var item in arrived.GroupBy(name => name[..name.IndexOf(':', StringComparison.Ordinal)]))
        {
            var numbers = item.Select(name => int.Parse(name[(name.IndexOf(':', StringComparison.Ordinal) + 1)..], CultureInfo.InvariantCulture)).ToList();
            numbers.ShouldBe(numbers.Order(), ignoreOrder: false, $"seed {seed}, item {item.Key}");
        }
    }

    /// <summary>Makes the target refuse, spoil and be down, and the process die after an answer that it never gets to note.</summary>
    private sealed class Weather : IDisposable
    {
        private readonly FakeSink sink;
        private readonly Random random;
        private CancellationTokenSource life = new();

        public Weather(FakeSink sink, Random random, bool takesSome)
        {
            (this.sink, this.random) = (sink, random);
            var poison = random.Next(40);
            sink.Says = entry => takesSome && (IsPoison(entry) || Chance(0.05)) ? Delivery.Refused("It is refused.") : takesSome && Chance(0.05) ? Delivery.Busy("Slow down.") : null;
            sink.Spoils = entry => !takesSome && (IsPoison(entry) || Chance(0.02));
            sink.Answered = () =>
            {
                sink.IsDown = Chance(0.1);
                if (Chance(0.15))
                {
                    life.Cancel();
                }
            };

            bool IsPoison(OutgoingEntry entry) => entry.Entry.SequenceNumber == poison.ToString(CultureInfo.InvariantCulture);
        }

        public async Task ServeAsync(RelayRig rig, SinkOptions options, int seed)
        {
            await rig.BeginAsync(options);
            rig.Table.Weather = (_, _) => Task.FromResult(Chance(0.01) ? (Chance(0.5) ? Fate.NotDone : Fate.Unanswered) : Fate.Done);
            for (var attempt = 0; attempt < 4; attempt++)
            {
                life.Dispose();
                life = CancellationTokenSource.CreateLinkedTokenSource(Ct);
                try
                {
                    await rig.Growth.LookAsync(Ct);
                    var follower = rig.Follower(sink, options, seed: seed + attempt);
                    follower.Finish();
                    await follower.RunAsync(CancellationToken.None, life.Token);
                }
                catch (Exception e) when (e is AwsException || (e is OperationCanceledException && !Ct.IsCancellationRequested))
                {
                    // It died, or the trail did not answer: it is begun again.
                }

                sink.IsDown = false;
            }

            rig.Table.Calm();
        }

        public void Clear() => (sink.Says, sink.Spoils, sink.Answered, sink.IsDown) = (_ => null, _ => false, () => { }, false);

        public void Dispose() => life.Dispose();

        private bool Chance(double of) => random.NextDouble() < of;
    }
}
