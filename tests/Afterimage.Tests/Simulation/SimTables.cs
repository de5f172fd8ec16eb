using System.Runtime.CompilerServices;
using Afterimage.Capture;
using Afterimage.Streams.Aws;
using Afterimage.Trail;

namespace Afterimage.Tests.Simulation;

/// <summary>The tables as one process sees them, through the weather.</summary>
internal sealed class SimTables(SimWorld world, SimProcess process, Random random) : ITableLookup
{
    public Task<TableDescription?> DescribeAsync(string table, CancellationToken ct) => SimCall.MakeAsync(world, process, $"DescribeTable {table}", random, () =>
    {
        SimFaults.Throw(world.Weather, random);
        var truth = world.Tables.Find(one => one.Name == table);
        truth?.ThrowIfDenied();
        return truth is { Exists: true } ? Describe(truth) : null;
    }, ct);

    public async IAsyncEnumerable<string> ListAsync([EnumeratorCancellation] CancellationToken ct)
    {
        var names = await SimCall.MakeAsync(world, process, $"ListTables", random, () =>
        {
            SimFaults.Throw(world.Weather, random);
            return world.Tables.Where(table => table.Exists).Select(table => table.Name).ToList();
        }, ct);
        foreach (var name in names)
        {
            yield return name;
        }
    }

    private static TableDescription Describe(SimTable table) => new(
        table.Name,
        $"arn:aws:dynamodb:us-east-1:123456789012:table/{table.Name}",
        "ACTIVE",
        [new Afterimage.Streams.Aws.KeyAttribute("id", "S")],
        table.Enabled is not null,
        table.Enabled is null ? null : "KEYS_ONLY",
        table.Latest?.Arn,
        Replicated: false);
}

/// <summary>What the trail knows of tables, as one process reads it.</summary>
internal sealed class SimLedger(SimWorld world, SimProcess process, Random random) : ITableLedger
{
    public Task<KnownTables> ReadAsync(CancellationToken ct) => SimCall.MakeAsync(world, process, $"Read the tables", random, world.Trail.Known, ct);

    public Task<bool> TryKeepAsync(TrailTable table, TrailTable? seen, CancellationToken ct) =>
        SimCall.MakeAsync(world, process, $"Keep the table {table.Name} with {table.Stream?.Label} after {seen?.Stream?.Label}", random, () => world.Trail.TryKeep(table, seen), ct);
}
