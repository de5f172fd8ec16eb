using System.Globalization;

namespace Afterimage.Tests.Trail.DynamoDb.Simulation;

/// <summary>Histories of a trail in DynamoDB of which nothing is known but that it loses, doubles and alters nothing in any of them.</summary>
public sealed class DynamoSimulationTests
{
    private const int SeedsUnlessTold = 120;

    [Fact]
    public async Task In_every_history_each_record_has_one_entry_that_never_changes()
    {
        var (from, count) = (Number("AFTERIMAGE_SIMULATE_FROM", 1), Number("AFTERIMAGE_SIMULATE", SeedsUnlessTold));
        var failed = new List<(int Seed, string Message)>();
        var gate = new Lock();
        await Parallel.ForEachAsync(Enumerable.Range(from, count), TestContext.Current.CancellationToken, async (seed, _) =>
        {
            try
            {
                await TrailHistory.RunAsync(seed);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                lock (gate)
                {
                    failed.Add((seed, e.ToString()));
                }
            }
        });

        if (failed.Count > 0)
        {
            failed.Sort();
            Assert.Fail($"{failed.Count} of {count} histories failed. The first one again: ./test --simulate 1 --from {failed[0].Seed}\n{failed[0].Message}\nOthers: {string.Join('\n', failed.Skip(1).Take(20).Select(one => $"{one.Seed}: {one.Message[..Math.Min(300, one.Message.Length)]}"))}");
        }
    }

    private static int Number(string variable, int unlessTold) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : unlessTold;
}
