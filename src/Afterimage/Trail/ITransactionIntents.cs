using Afterimage.Entries;
using Afterimage.Streams.Records;

namespace Afterimage.Trail;

/// <summary>What applications committed together with their changes. An intent waits until the entry of its change is durable.</summary>
public interface ITransactionIntents
{
    /// <summary>The intents of a table that wait, in no order.</summary>
    IAsyncEnumerable<TransactionIntent> WaitingAsync(string table, CancellationToken ct);

    /// <summary>Which of these wait, by their names.</summary>
    /// <param name="table">The table.</param>
    /// <param name="names">Their names, each once.</param>
    /// <param name="ct">Gives up.</param>
    Task<IReadOnlyDictionary<string, IntentPlace>> FindAsync(string table, IReadOnlyList<string> names, CancellationToken ct);

    /// <summary>Takes away intents whose entries are durable, each with all that belongs to it or not at all. What cannot be taken away whole stays where it is.</summary>
    Task RemoveAsync(string table, IEnumerable<IntentPlace> intents, CancellationToken ct);

    /// <summary>Notes changes whose stamps say that an intent was committed with them, and there was none.</summary>
    Task ReportAsync(string table, IEnumerable<UnannouncedChange> changes, CancellationToken ct);

    /// <summary>The changes of a table that were noted so.</summary>
    IAsyncEnumerable<UnannouncedChange> UnannouncedAsync(string table, CancellationToken ct);
}

/// <summary>Where an intent lies.</summary>
/// <param name="Name">The stamp's nonce, and for a removal that of the mark with <c>/REMOVE</c> behind it.</param>
/// <param name="Parts">How many parts its images lie in beside it; null where this program does not know, since a later one may.</param>
public sealed record IntentPlace(string Name, int? Parts);

/// <summary>What was committed together with a change.</summary>
/// <param name="Place">Where it lies.</param>
/// <param name="Change">What it tells of the change; null where it cannot be read.</param>
/// <param name="Problem">Why it cannot be read; null where it can.</param>
public sealed record TransactionIntent(IntentPlace Place, IntendedChange? Change, string? Problem)
{
    /// <summary>Its name.</summary>
    public string Name => Place.Name;
}

/// <summary>What an intent tells of a change.</summary>
/// <param name="TableArn">The table.</param>
/// <param name="Number">The change's number among those of its item.</param>
/// <param name="Action">What was done.</param>
/// <param name="Time">When, by the writer's clock.</param>
/// <param name="Keys">The item's key.</param>
/// <param name="Before">The item before; null where there was none.</param>
/// <param name="After">The item after; null where there is none.</param>
public sealed record IntendedChange(string TableArn, long Number, ChangeAction Action, DateTimeOffset Time, AttributeMap Keys, AttributeMap? Before, AttributeMap? After);

/// <summary>A change whose stamp says that an intent was committed with it, and there was none.</summary>
/// <param name="Entry">Its entry.</param>
/// <param name="Stream">The stream.</param>
/// <param name="Name">What the intent would be named by.</param>
/// <param name="Time">When the change was made.</param>
public sealed record UnannouncedChange(EntryId Entry, StreamArn Stream, string Name, DateTimeOffset Time);
