using System.Text;
using Afterimage.Entries;
using Afterimage.Proof;

namespace Afterimage.Relay;

/// <summary>A place to pass entries on to, as configured. What was served is remembered by its name.</summary>
/// <param name="To">The address: <c>console:</c>, <c>file:PATH</c>, <c>logs:GROUP</c>, <c>firehose:STREAM</c>, <c>sns:ARN</c>, <c>sqs:URL</c>, <c>table:NAME</c>, <c>webhook:URL</c>.</param>
public sealed record SinkOptions(string To)
{
    /// <summary>
    /// What it is called wherever that is shown or kept: the name it was given, or else its address. A webhook's may hold a secret, so that only its host is named, with a hash that
    /// tells it from others there.
    /// </summary>
    public string Name => GivenName ?? (SinkAddress.Read(To).Address is SinkAddress.AtUrl { Url: var url }
        ? $"webhook:{url.GetLeftPart(UriPartial.Authority)}#{Sha256Hash.Of(Encoding.UTF8.GetBytes(To)).ToString()[..8]}"
        : To);

    /// <summary>A name that somebody chose; null goes by the address. For one target that gets some tables' entries in another way than others'.</summary>
    public string? GivenName { get; init; }

    /// <summary>Which entries it gets; by default all.</summary>
    public SinkFilter Filter { get; init; } = SinkFilter.All;

    /// <summary>The most entries in one call; null takes what the target does. For consumers that take only so many at once.</summary>
    public int? BatchSize { get; init; }

    /// <summary>How long an entry may wait for others to fill a batch: for targets that are paid by the call.</summary>
    public TimeSpan MaxBatchingWindow { get; init; } = TimeSpan.Zero;

    /// <summary>How often an entry that the target refuses is sent again before it becomes a dead letter.</summary>
    public int RetryAttempts { get; init; } = 3;

    /// <summary>Whether a refused batch is split to find the entry that it is refused for; else all of it is set aside.</summary>
    public bool BisectBatchOnError { get; init; } = true;

    /// <summary>Whether a sink that is new to the trail gets what the trail holds already; else it begins with what is kept from then on.</summary>
    public bool FromBeginning { get; init; }

    /// <summary>Whether later entries of an item overtake one that became a dead letter; else they wait for it, so that the item's order stands.</summary>
    public bool PassDeadLetters { get; init; }

    /// <summary>The region, where the address does not say it; null takes the one in force.</summary>
    public string? Region { get; init; }

    /// <summary>How long a log group keeps what it is sent, where it is made here; null keeps it for good.</summary>
    public TimeSpan? Retention { get; init; }

    /// <summary>What is subscribed to a topic where it is prepared, as <c>PROTOCOL:ENDPOINT</c>: <c>email:ops@example.com</c>, <c>sqs:ARN</c>.</summary>
    public IReadOnlyList<string> Subscriptions { get; init; } = [];

    /// <summary>The bucket that a delivery stream brings entries to, where it is made here.</summary>
    public string? Bucket { get; init; }

    /// <summary>The ARN of the role with which a delivery stream that is made here writes to its bucket.</summary>
    public string? Role { get; init; }
}

/// <summary>Which entries a sink gets: those that fit everything that is given. Marks of writers go to none.</summary>
public sealed record SinkFilter
{
    /// <summary>Every entry.</summary>
    public static SinkFilter All { get; } = new();

    /// <summary>Names of tables in which <c>*</c> stands for any characters; empty takes all.</summary>
    public IReadOnlyList<string> Tables { get; init; } = [];

    /// <summary>What was done; empty takes everything, also what is no change: gaps, what became of streams.</summary>
    public IReadOnlyList<ChangeAction> Actions { get; init; } = [];

    /// <summary>Who did it; empty takes everybody.</summary>
    public IReadOnlyList<string> Actors { get; init; } = [];

    /// <summary>Which attribute changed, and from what to what; null takes any.</summary>
    public ChangedFilter? Changed { get; init; }

    /// <summary>Whether an entry fits.</summary>
    public bool Fits(AuditEntry entry) => entry.Kind != EntryKind.Mark
        && (Tables.Count == 0 || Tables.Any(pattern => NamePattern.Fits(pattern, entry.Table)))
        && (Actions.Count == 0 || (entry.Action is { } action && Actions.Contains(action)))
        && (Actors.Count == 0 || (entry.Actor.Id is { } actor && Actors.Contains(actor)))
        && (Changed is null || Changed.Fits(entry));
}
