using System.CommandLine;
using Afterimage.App.Output;
using Afterimage.Hosting;
using Afterimage.Query;
using Afterimage.Sealing;
using Afterimage.Streams.Aws;
using Afterimage.Trail;

namespace Afterimage.App;

/// <summary>One call of the program: what is set, where answers go, and the ways to the trail and to AWS.</summary>
internal sealed record Invocation(AfterimageOptions Options, Printer Printer, Surroundings Surroundings)
{
    private readonly ReadTally reads = new();

    /// <summary>How AWS is reached.</summary>
    public AwsSettings Aws => new(Options.Region, Options.Profile, Options.Endpoint);

    /// <summary>How a trail that is kept in a table is reached.</summary>
    private TrailSite Site => new(
        Aws with { Endpoint = Options.TrailEndpoint ?? Options.Endpoint }, Surroundings.Environment, Surroundings.Time, Surroundings.Random, Surroundings.Secrets)
    {
        Reads = Options.Explain ? reads : null,
    };

    /// <summary>Makes a verb out of an action on an invocation.</summary>
    public static Command Verb(string name, string description, Surroundings surroundings, Func<ParseResult, Invocation, CancellationToken, Task<int>> action)
    {
        var command = new Command(name, description);
        command.SetAction(async (parsed, ct) =>
        {
            var options = GlobalOptions.Read(parsed, surroundings.Environment);
            var call = new Invocation(options, new Printer(surroundings, options.Json, options.Color), surroundings);
            var code = await action(parsed, call, ct);
            if (options.Explain)
            {
                call.reads.Print(call.Printer);
            }

            return code;
        });
        return command;
    }

    /// <summary>Opens the trail to ask it; one that does not exist is an error, not an empty answer.</summary>
    public Task<ITrail> OpenToReadAsync(CancellationToken ct) => Trails.OpenAsync(Options.Trail, OpenMode.ReadOnly, Site, ct);

    /// <summary>Makes sure that the trail is there: some verbs change it, but must not make one.</summary>
    public async Task DemandTrailAsync(CancellationToken ct)
    {
        await using var trail = await OpenToReadAsync(ct);
    }

    /// <summary>Opens the trail to add to it; it is made if need be.</summary>
    public Task<ITrail> OpenToWriteAsync(CancellationToken ct) => Trails.OpenAsync(Options.Trail, OpenMode.CreateOrWrite, Site, ct);

    /// <summary>Makes the table that the trail is to be kept in, and says what it did.</summary>
    public async Task PrepareTrailAsync(TrailTableOptions table, CancellationToken ct)
    {
        foreach (var done in await Trails.PrepareAsync(Options.Trail, table, Site, ct))
        {
            Printer.Message(done);
        }
    }

    /// <summary>The ways to the audited tables.</summary>
    public AuditedAccounts ConnectToAws() => new(Aws, Surroundings.Environment, Surroundings.Time, Surroundings.Random);

    /// <summary>The key that seals; to only check with it, it must be there.</summary>
    public ISigningKey OpenKey(OpenMode mode) => SealingKeys.Open(Options.Proof.Key, mode, Aws, Surroundings.Environment);

    /// <summary>The witnesses, in the order in which they are configured.</summary>
    public IReadOnlyList<IWitness> OpenWitnesses(OpenMode mode) =>
        [.. Options.Proof.Witness.Select(uri => Witnesses.Open(uri, mode, Aws, Surroundings.Environment, Surroundings.Time))];

    /// <summary>Lets witnesses go.</summary>
    public static void Close(IEnumerable<IWitness> witnesses)
    {
        foreach (var witness in witnesses)
        {
            witness.Dispose();
        }
    }

    /// <summary>A table of the trail by its name.</summary>
    /// <exception cref="UsageException">The trail holds nothing of it.</exception>
    public async Task<TrailTable> TableAsync(ITrail trail, string name, CancellationToken ct)
    {
        var tables = await trail.TablesAsync(ct);
        return tables.FirstOrDefault(table => table.Name == name) ?? throw new UsageException(
            $"The trail {Options.Trail} holds nothing of a table '{name}'.",
            tables.Count == 0 ? $"Fill it first: afterimage run --table {name}" : $"It holds {string.Join(", ", tables.Select(table => table.Name))}. To add the table: afterimage run --table {name}");
    }

    /// <summary>Says beside an answer how complete it is.</summary>
    public async Task PrintFooterAsync(ITrail trail, string? table, CancellationToken ct)
    {
        var completeness = await Completeness.OfAsync(trail, table, ct);
        if (completeness.Gaps.Count > 0)
        {
            Printer.Warn(completeness.ToString());
        }
        else
        {
            Printer.Message(completeness.ToString());
        }
    }
}
