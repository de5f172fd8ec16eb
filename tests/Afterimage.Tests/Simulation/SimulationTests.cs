using System.Globalization;
using Afterimage.Tests.Tidy;

namespace Afterimage.Tests.Simulation;

/// <summary>Histories of which nothing is known but that the promises must hold in each.</summary>
public sealed class SimulationTests
{
    private const int SeedsUnlessTold = 300;

    private static bool StopsAtFirst => Environment.GetEnvironmentVariable("AFTERIMAGE_SIMULATE_STOP") is { Length: > 0 };

    [Fact]
    public void In_every_history_each_change_becomes_one_entry_in_order_or_lies_within_a_gap()
    {
        var (from, count) = (Number("AFTERIMAGE_SIMULATE_FROM", 1), Number("AFTERIMAGE_SIMULATE", SeedsUnlessTold));

        var failed = Failures(from, count).Order().ToList();

        if (failed.Count > 0)
        {
            var (seed, message) = failed[0];
            Assert.Fail($"{failed.Count} of {count} histories failed. The first one again: ./test --simulate 1 --from {seed}\n{message}\nWhat happened in it: {Tell(seed)}{Others(failed)}");
        }
    }

    [Fact]
    public void A_seed_is_the_same_history_every_time()
    {
        foreach (var seed in Enumerable.Range(1, 10))
        {
            Told(seed).ShouldBe(Told(seed));
        }

        static List<string> Told(int seed)
        {
            var told = new List<string>();
            SimHistory.Run(seed, told.Add);
            return told;
        }
    }

    private static List<(int Seed, string Message)> Failures(int from, int count)
    {
        var failed = new List<(int, string)>();
        var gate = new Lock();
        Parallel.ForEach(Enumerable.Range(from, count), new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, (seed, state) =>
        {
            try
            {
                SimHistory.Run(seed, trace: null);
            }
            catch (SimFailure e)
            {
                lock (gate)
                {
                    failed.Add((seed, e.Message));
                    if (StopsAtFirst)
                    {
                        state.Stop();
                    }
                }
            }
        });
        return failed;
    }

    private static string Others(List<(int Seed, string Message)> failed) => failed.Count == 1
        ? string.Empty
        : "\nOthers: " + string.Join("\n", failed.Skip(1).Take(20).Select(one => $"{one.Seed}: {one.Message.Split('\n')[0]}"));

    // The same history again, now with everything that happens in it.
    private static string Tell(int seed)
    {
        var file = Path.Combine(Repository.Root(), "artifacts", "test-results", $"simulation-{seed}.log");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        using var log = new StreamWriter(file);
        try
        {
            SimHistory.Run(seed, log.WriteLine);
        }
        catch (SimFailure e)
        {
            log.WriteLine(e.Message);
        }

        return file;
    }

    private static int Number(string variable, int unlessTold) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : unlessTold;
}
