namespace Afterimage.Entries;

/// <summary>Who made a change, and how that is known.</summary>
/// <param name="Source">How the actor is known.</param>
/// <param name="Id">The person or principal; null where unknown.</param>
/// <param name="Service">The service that acted for them.</param>
/// <param name="Reason">Why, in their words.</param>
/// <param name="Request">The request or trace that carried the change.</param>
public sealed record Actor(ActorSource Source, string? Id = null, string? Service = null, string? Reason = null, string? Request = null)
{
    /// <summary>Nobody can say who it was.</summary>
    public static Actor Unknown { get; } = new(ActorSource.Unknown);

    /// <summary>DynamoDB, for somebody in another region whom the item does not name.</summary>
    public static Actor Replication { get; } = new(ActorSource.Replication);
}

/// <summary>How an actor is known.</summary>
public enum ActorSource
{
    /// <summary>It is not.</summary>
    Unknown,

    /// <summary>DynamoDB deleted the item because its time to live was over.</summary>
    TimeToLive,

    /// <summary>From an attribute that the application writes by itself.</summary>
    Attribute,

    /// <summary>From the stamp that this very change wrote.</summary>
    Stamp,

    /// <summary>From the mark that the writer left on the item before deleting it.</summary>
    DeleteMark,

    /// <summary>DynamoDB brought the change from another region, or noted that one was made, and the item does not say who made it.</summary>
    Replication,

    /// <summary>From the stamp of a change that was committed in one transaction with the record that tells of it.</summary>
    Transaction,
}
