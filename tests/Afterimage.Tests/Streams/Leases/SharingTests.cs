using Afterimage.Streams.Aws;
using Afterimage.Streams.Leases;
using Afterimage.Streams.Reading;
using Afterimage.Streams.Records;
using Afterimage.Tests.Support;

namespace Afterimage.Tests.Streams.Leases;

/// <summary>Workers that share the shards of a stream.</summary>
public sealed class SharingTests : IDisposable
{
    private readonly LeapingTime time = new();
    private readonly FakeStream stream = new();
    private readonly List<string> handled = [];
    private readonly MemoryJournal journal;
    private readonly MeddledStore store;

    public SharingTests()
    {
        journal = new MemoryJournal((batch, _) =>
        {
            handled.AddRange(batch.Records.Select(raw => StreamRecord.Read(raw).SequenceNumber.Text));
            return Task.CompletedTask;
        });
        store = new MeddledStore(journal);
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => journal.Dispose();

    [Fact]
    public async Task A_worker_that_ends_gives_up_its_leases_at_once()
    {
        stream.AddShard("a", sequences: ["1"]);

        await DrainAsync();

        var table = await journal.BeatAsync(new WorkerId("another"), Ct);
        table.Beats.Count.ShouldBe(1);
        table.Leases.Single().ShouldSatisfyAllConditions(lease => lease.Owner.ShouldBeNull(), lease => lease.Epoch.ShouldBe(1));
    }

    [Fact]
    public async Task Pain_20_a_worker_whose_shard_was_taken_keeps_nothing_and_reads_no_further_until_it_has_taken_it_again()
    {
        var (reads, readsWhenRetaken) = (0, 0);
        stream.AddShard("a", sequences: ["1", "2", "3", "4", "5"]);
        stream.Before = call => reads += call == "GetRecords" ? 1 : 0;
        store.AfterTake = async (takes, taken) =>
        {
            readsWhenRetaken = reads;
            if (takes == 1)
            {
                // Another worker takes the shard before the first page arrives, and dies.
                await journal.TakeAsync(new WorkerId("another"), [new LeaseWish(FakeStream.Arn, taken.Row.Shard, null, taken.Row.Epoch)], Ct);
            }
        };

        await DrainAsync();

        handled.ShouldBe(["1", "2", "3", "4", "5"]);
        readsWhenRetaken.ShouldBe(1);
    }

    [Fact]
    public async Task A_worker_that_cannot_reach_the_store_for_long_reads_nothing_until_it_can()
    {
        var reads = new List<DateTimeOffset>();
        var beats = new List<(DateTimeOffset At, bool Succeeds)>();
        stream.AddShard("a", sequences: ["1"]);
        stream.Before = call =>
        {
            if (call == "GetRecords")
            {
                reads.Add(time.GetUtcNow());
            }
        };
        store.BeforeBeat = beat =>
        {
            beats.Add((time.GetUtcNow(), Succeeds: beat is < 3 or > 40));
            if (!beats[^1].Succeeds)
            {
                stream.Write("a", $"{10 + beat}");
                throw new EndpointUnreachableException(new Uri("http://127.0.0.1:1"), "connection refused");
            }
        };

        using var stop = new CancellationTokenSource();
        store.AfterBeat = beat => beat > 43 ? stop.CancelAsync() : Task.CompletedTask;
        await Worker(drainAfter: null).RunAsync(stream.AsSource(time), stop.Token, CancellationToken.None);

        // A clock that leaps moves while a call is on its way: a read that began in time may be told a little later.
        var last = beats.Last(beat => beat.Succeeds && beat.At < beats.First(one => !one.Succeeds).At).At;
        var again = beats.First(beat => beat.Succeeds && beat.At > last).At;
        reads.Where(read => read > last + TimeSpan.FromSeconds(45) && read < again).ShouldBeEmpty();
        reads.ShouldContain(read => read >= again);
    }

    [Fact]
    public async Task Pain_19_what_leases_cost_does_not_grow_with_the_shards()
    {
        using var stop = new CancellationTokenSource();
        foreach (var shard in Enumerable.Range(1, 50))
        {
            stream.AddShard($"shard{shard}", sequences: [$"{shard}"]);
        }

        var (began, takes) = (time.GetUtcNow(), 0);
        store.AfterTake = (count, _) => Task.FromResult(takes = count);
        store.AfterBeat = beat => beat == 20 ? stop.CancelAsync() : Task.CompletedTask;
        await Worker(drainAfter: null).RunAsync(stream.AsSource(time), stop.Token, CancellationToken.None);

        takes.ShouldBe(1);
        (time.GetUtcNow() - began).ShouldBeGreaterThan(TimeSpan.FromMinutes(3));
    }

    private Task DrainAsync() => Worker(TimeSpan.FromSeconds(2)).RunAsync(stream.AsSource(time), Ct, CancellationToken.None);

    private StreamsWorker Worker(TimeSpan? drainAfter) => new(journal, new WorkerOptions { DrainAfter = drainAfter }, new Progress<WorkerNotice>(), time, new Random(1), store);

    /// <summary>A store with which something happens.</summary>
    private sealed class MeddledStore(ILeaseStore inner) : ILeaseStore
    {
        private int takes;
        private int beats;

        public Func<int, LeasedShard, Task> AfterTake { get; set; } = (_, _) => Task.CompletedTask;

        public Action<int> BeforeBeat { get; set; } = _ => { };

        public Func<int, Task> AfterBeat { get; set; } = _ => Task.CompletedTask;

        public async Task<LeaseTable> BeatAsync(WorkerId me, CancellationToken ct)
        {
            BeforeBeat(++beats);
            var table = await inner.BeatAsync(me, ct);
            await AfterBeat(beats);
            return table;
        }

        public async Task<IReadOnlyList<LeasedShard>> TakeAsync(WorkerId me, IReadOnlyList<LeaseWish> wanted, CancellationToken ct)
        {
            var taken = await inner.TakeAsync(me, wanted, ct);
            if (taken.Count > 0)
            {
                await AfterTake(++takes, taken[0]);
            }

            return taken;
        }

        public Task ReleaseAsync(WorkerId me, IReadOnlyList<Lease> leases, CancellationToken ct) => inner.ReleaseAsync(me, leases, ct);

        public Task LeaveAsync(WorkerId who, CancellationToken ct) => inner.LeaveAsync(who, ct);
    }
}
