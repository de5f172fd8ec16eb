using System.Globalization;
using Afterimage.Relay;
using Afterimage.Tests.Relay;
using Afterimage.Tests.Support;

namespace Afterimage.Tests.Lambda;

/// <summary>The function over two sinks, behind a model of the event source mapping: targets fail in every way, and processes die.</summary>
public sealed class SinkHistoryTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    private static readonly SinkOptions Impatient = new("test:sink") { RetryAttempts = 1 };

    [Fact]
    public async Task Whatever_fails_each_sink_gets_everything_and_its_items_keep_their_order()
    {
        for (var seed = 1; seed <= 120; seed++)
        {
            await HistoryAsync(seed, dies: true);
        }
    }

    [Fact]
    public async Task As_long_as_its_process_lives_nothing_comes_twice()
    {
        for (var seed = 1_001; seed <= 1_030; seed++)
        {
            await HistoryAsync(seed, dies: false);
        }
    }

    private static async Task HistoryAsync(int seed, bool dies)
    {
        var (random, weather) = (new Random(seed), new Random(seed));
        List<FakeSink> sinks = [];
        sinks.Add(new FakeSink { Limits = new(random.Next(1, 12), 1_000_000, 100_000) { TakesSome = true, CallsAtOnce = random.Next(1, 4) } });
        sinks.Add(new FakeSink { Limits = new(random.Next(1, 12), 1_000_000, 100_000) });
        sinks.ForEach(Storm);
        var orders = new OrderRecords(random);
        var records = Enumerable.Range(100, random.Next(1, 60)).Select(number => EventSource.Delivered(orders.Record(number, Noon))).ToList();

        List<DirectRig> processes = [];
        Start();
        await new EventSource(records, random).RunAsync(async payload =>
        {
            try
            {
                return await processes[^1].AnswerAsync(payload);
            }
            catch (FunctionDiedException)
            {
                Start();
                throw;
            }
        });
        foreach (var process in processes)
        {
            await process.DisposeAsync();
        }

        sinks.ForEach(sink => Check(sink, records.Count, mayRepeat: dies, seed));

        void Start() => processes.Add(new DirectRig((sinks[0], Impatient), (sinks[1], Impatient with { To = "test:other" })));

        void Storm(FakeSink sink)
        {
            sink.Says = _ => !sink.Limits.TakesSome ? null : weather.Next(30) switch
            {
                0 => Delivery.Busy("busy"),
                1 => Delivery.Refused("refused"),
                _ => null,
            };
            sink.Spoils = _ => weather.Next(60) == 0;
            sink.Lasts = _ =>
            {
                sink.IsDown = weather.Next(8) == 0;
                return dies && weather.Next(60) == 0 ? throw new FunctionDiedException() : Task.CompletedTask;
            };
            sink.Answered = () =>
            {
                if (dies && weather.Next(60) == 0)
                {
                    throw new FunctionDiedException();
                }
            };
        }
    }

    private static void Check(FakeSink sink, int count, bool mayRepeat, int seed)
    {
        var once = sink.Arrived.DistinctBy(one => one.Entry.Id).ToList();
        once.Select(NumberOf).Order().ShouldBe(Enumerable.Range(100, count), $"seed {seed}");
        once.GroupBy(one => one.Item).ShouldAllBe(item => item.Select(NumberOf).SequenceEqual(item.Select(NumberOf).Order()), $"seed {seed}");
        (mayRepeat ? 0 : sink.Arrived.Count - once.Count).ShouldBe(0, $"seed {seed}");
    }

    private static int NumberOf(OutgoingEntry one) => int.Parse(one.Entry.SequenceNumber!, CultureInfo.InvariantCulture);
}
