namespace Afterimage.Tests.Simulation;

/// <summary>How often tables and streams come and go in a history.</summary>
/// <param name="Switches">A stream is switched off, and on again a while later.</param>
/// <param name="Remakes">A table is deleted, and made again under its name.</param>
/// <param name="Arrivals">A table is made that fits the pattern.</param>
/// <param name="Denials">A table may not be looked at for a while.</param>
internal sealed record SimComings(int Switches, int Remakes, int Arrivals, int Denials)
{
    // Days of denied reads would take longer to simulate than there is to learn from them.
    private static readonly TimeSpan DenialMax = TimeSpan.FromMinutes(20);

    public static SimComings None { get; } = new(0, 0, 0, 0);

    /// <summary>How many streams of one table may have to be read one after the other.</summary>
    public int ChainMax => Switches + Remakes;

    public static SimComings Draw(Random random) => new(random.Next(4), random.Next(3), random.Next(3), random.Next(3));

    /// <summary>Lets them come and go.</summary>
    public void Scatter(SimWorld world, SimPlan plan, Random random, Action<int, Action> scatter)
    {
        scatter(Switches, () =>
        {
            var table = Pick();
            table.Disable();
            world.Loop.After(AWhile(), () => table.Enable(plan.Shards));
        });
        scatter(Remakes, () =>
        {
            var table = Pick();
            table.Delete();
            world.Loop.After(AWhile(), () =>
            {
                table.Make();
                world.Loop.After(TimeSpan.FromSeconds(random.Next(2) * 30), () => table.Enable(plan.Shards));
            });
        });
        scatter(Arrivals, () =>
        {
            var table = new SimTable($"T{world.Tables.Count + 1}", world.Loop, random);
            world.Tables.Add(table);
            table.Enable(plan.Shards);
        });
        scatter(Denials, () => Pick().DeniedUntil = world.Loop.Now + Shorter(AWhile(), DenialMax));

        SimTable Pick() => world.Tables[random.Next(world.Tables.Count)];

        // Never at once: two streams of one table are not made at the same moment.
        TimeSpan AWhile() => TimeSpan.FromSeconds(1) + (plan.Span * (random.NextDouble() / 2));
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;

    /// <summary>The end of every history: all tables are there and streamed, and may be read.</summary>
    public void Settle(SimWorld world, SimPlan plan)
    {
        foreach (var table in world.Tables.Where(_ => this != None))
        {
            table.DeniedUntil = default;
            table.Make();
            table.Enable(plan.Shards);
        }
    }
}
