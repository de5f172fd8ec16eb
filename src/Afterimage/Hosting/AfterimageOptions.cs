using Afterimage.Capture;
using Afterimage.Entries;
using Afterimage.Relay;
using Afterimage.Streams.Reading;

namespace Afterimage.Hosting;

/// <summary>Everything that can be set, in <c>afterimage.json</c>, by environment variables and by options of the command line.</summary>
public sealed record AfterimageOptions
{
    /// <summary>The trail's default address.</summary>
    public const string DefaultTrail = "sqlite:afterimage.db";

    /// <summary>The tables to follow and how to read their records.</summary>
    public IReadOnlyList<TableOptions> Tables { get; init; } = [];

    /// <summary>Where the trail is.</summary>
    public string Trail
    {
        get => NamedTrail ?? DefaultTrail;
        init => NamedTrail = value;
    }

    /// <summary>Where the trail is, if somebody named one; null where the default stands in.</summary>
    public string? NamedTrail { get; init; }

    /// <summary>The region of the audited tables; null asks the SDK's chain.</summary>
    public string? Region { get; init; }

    /// <summary>The profile of the shared AWS configuration; null asks the SDK's chain.</summary>
    public string? Profile { get; init; }

    /// <summary>The endpoint of the audited tables' DynamoDB and Streams; null is AWS.</summary>
    public string? Endpoint { get; init; }

    /// <summary>The endpoint of the DynamoDB that a trail is kept in, where that is another one than the audited tables'; null is theirs.</summary>
    public string? TrailEndpoint { get; init; }

    /// <summary>JSON Lines instead of text for people.</summary>
    public bool Json { get; init; }

    /// <summary>Says what a question read from a trail in DynamoDB: for whoever pays for the reads.</summary>
    public bool Explain { get; init; }

    /// <summary>Whether output for people may be coloured.</summary>
    public bool Color { get; init; } = true;

    /// <summary>How many entries an answer has at most.</summary>
    public int Limit { get; init; } = 100;

    /// <summary>How streams are read.</summary>
    public CaptureOptions Capture { get; init; } = new();

    /// <summary>Where entries are passed on to.</summary>
    public IReadOnlyList<SinkOptions> Sinks { get; init; } = [];

    /// <summary>How the trail is sealed.</summary>
    public ProofOptions Proof { get; init; } = new();

    /// <summary>The same options for these tables alone; what the file says of them holds on.</summary>
    /// <remarks>A table that is named outright is wanted, also where the file has it switched off.</remarks>
    public IReadOnlyList<TableOptions> Only(IEnumerable<string> names) => [.. names.Select(Named), .. Tables.Where(table => !table.Enabled)];

    /// <summary>What is configured for a name or a pattern: for a pattern, what stands under that very pattern.</summary>
    public TableOptions Named(string name)
    {
        var configured = Tables.FirstOrDefault(table => NamePattern.IsPattern(name) ? table.Name == name : NamePattern.Fits(table.Name, name));
        return (configured ?? new TableOptions(name, TableRules.None)) with { Name = name, Enabled = true };
    }

    /// <summary>Sinks by their addresses or names; what the file says of them holds on.</summary>
    /// <exception cref="UsageException">Everything that is wrong with the addresses.</exception>
    public IReadOnlyList<SinkOptions> SinksOf(IEnumerable<string> addresses)
    {
        var problems = new List<Problem>();
        var sinks = addresses.SelectMany(address =>
        {
            var known = Sinks.Where(sink => sink.To == address || sink.Name == address).ToList();
            return known.Count > 0 ? known : [SinkSection.Of(address, problems)];
        }).ToList();
        return problems.Count == 0 ? sinks : throw new UsageException(problems);
    }

    /// <summary>What is configured for a table: the first entry whose name or pattern fits.</summary>
    public TableRules RulesOf(string table) => Tables.FirstOrDefault(options => NamePattern.Fits(options.Name, table))?.Rules ?? TableRules.None;
}

/// <summary>How streams are read.</summary>
public sealed record CaptureOptions
{
    /// <summary>How often shards are read.</summary>
    public PacingOptions Pacing { get; init; } = PacingOptions.Default;

    /// <summary>Ends the run once everything there is has been read.</summary>
    public bool Drain { get; init; }

    /// <summary>How long every shard must be quiet before a draining run ends.</summary>
    public TimeSpan DrainAfter { get; init; } = TimeSpan.FromSeconds(2);
}
