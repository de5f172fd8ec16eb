namespace Afterimage.Bench;

/// <summary>
/// All ways in turn, round after round, and of each the fastest round: on a machine that others use too, figures that were taken one after
/// the other cannot be compared, and these can.
/// </summary>
internal static class Comparison
{
    // In the first seconds the runtime still compiles, with figures several times those of later rounds.
    private const int Rounds = 75;

    public static void Run(TimeProvider clock)
    {
        foreach (var attributes in (int[])[8, 64])
        {
            using var benchmarks = new EntryBenchmarks { Attributes = attributes };
            benchmarks.Prepare();
            (string Name, Func<int> Way)[] ways =
            [
                ("decode", benchmarks.DecodeOurs),
                ("decode, SDK", benchmarks.DecodeSdk),
                ("diff", benchmarks.DiffOurs),
                ("diff, SDK", benchmarks.DiffSdk),
                ("entry", benchmarks.EntryOurs),
                ("entry from the answer", benchmarks.EntryOursFromAnswer),
                ("entry of values", benchmarks.EntryOfValues),
                ("entry, SDK", benchmarks.EntrySdk),
                ("leaf and body", benchmarks.LeafOurs),
                ("leaf, SDK", benchmarks.LeafSdk),
                ("floor", benchmarks.Floor),
            ];
            var best = new double[ways.Length];
            Array.Fill(best, double.MaxValue);
            for (var round = 0; round < Rounds; round++)
            {
                for (var way = 0; way < ways.Length; way++)
                {
                    best[way] = Math.Min(best[way], Microseconds(clock, ways[way].Way));
                }
            }

            Console.WriteLine($"{attributes} attributes, images of {SampleRecords.ImageBytes(attributes)} bytes, microseconds a record:");
            for (var way = 0; way < ways.Length; way++)
            {
                Console.WriteLine($"  {ways[way].Name,-22} {best[way],8:F2}");
            }
        }
    }

    private static double Microseconds(TimeProvider clock, Func<int> way)
    {
        var start = clock.GetTimestamp();
        for (var batch = 0; batch < 5; batch++)
        {
            _ = way();
        }

        return clock.GetElapsedTime(start).TotalMicroseconds / (5 * SampleRecords.Count);
    }
}
