namespace Afterimage.Entries;

/// <summary>Says who made a change, or that nobody can know.</summary>
internal static class Attribution
{
    /// <summary>How far the clocks of writers may be from DynamoDB's: a stamp that is older or newer tells of another change.</summary>
    public static readonly TimeSpan ClockSkewMax = TimeSpan.FromMinutes(15);

    /// <summary>How far before a change an item may have borne its stamp that still counts: a stamp is at most as far from a change as clocks may differ, on either side of each.</summary>
    public static readonly TimeSpan StampMemory = 2 * ClockSkewMax;

    // A writer that marked an item and then failed leaves its name for whoever deletes the item next: not for longer than this.
    private static readonly TimeSpan MarkLife = TimeSpan.FromSeconds(60);

    /// <summary>What the record of a change stands for, and the actor of the change.</summary>
    /// <remarks>
    /// An attribute such as <c>updatedBy</c> names the last writer that kept it up to date. A writer that forgets it leaves the name
    /// of somebody else, and a delete names nobody. So the name counts only where this very change wrote it: it is new, or one of
    /// the attributes that only say who or when (<see cref="TableRules.Ignore"/>, such as <c>updatedAt</c>) is.
    /// </remarks>
    public static (EntryKind Kind, Actor Actor) Of(RecordValues values, ChangeAction action, string table, TableRules rules, StampStanding standing)
    {
        var (record, _, before, after) = values;
        if (record.UserIdentity is { Type: "Service", PrincipalId: "dynamodb.amazonaws.com" })
        {
            return (EntryKind.Change, new Actor(ActorSource.TimeToLive, record.UserIdentity.PrincipalId));
        }

        if (standing != StampStanding.CameBack && StampUse.Of(values, action, table, rules.Stamp) is { } use && Counts(use, record.ApproximateCreationTime, standing))
        {
            // What a leaf says, a mark or a change, follows from the record alone, whoever reads it and whether or not the intent is still there.
            var isMark = use.Borne.Deletes && action == ChangeAction.Modify && IsNear(use, record.ApproximateCreationTime);
            return (isMark ? EntryKind.Mark : EntryKind.Change, use.Borne.Writer with { Source = SourceOf(use, standing) });
        }

        var named = OfAttribute(action, before, after, rules);
        return (EntryKind.Change, named == Actor.Unknown && Replication.Made(values) ? Actor.Replication : named);
    }

    /// <summary>The places whose change tells that the writer kept the actor's attribute up to date too.</summary>
    public static IEnumerable<AttributePath> Kept(TableRules rules) => rules.Ignore.Where(place => !Replication.Keeps(place));

    // The mark of a transaction stays where the delete after it failed, and then it is nobody's name: only the intent of the delete makes it one.
    private static bool Counts(StampUse use, DateTimeOffset time, StampStanding standing) => standing == StampStanding.InTransaction
        || (IsNear(use, time) && (!use.Removes || (!use.Borne.InTransaction && time - use.Borne.Time <= MarkLife)));

    private static bool IsNear(StampUse use, DateTimeOffset time) => (time - use.Borne.Time).Duration() <= ClockSkewMax;

    private static ActorSource SourceOf(StampUse use, StampStanding standing) =>
        standing == StampStanding.InTransaction ? ActorSource.Transaction : use.Removes ? ActorSource.DeleteMark : ActorSource.Stamp;

    private static Actor OfAttribute(ChangeAction action, AttributeMap? before, AttributeMap? after, TableRules rules)
    {
        if (rules.Actor is not { } path || after is null || path.Find(after) is not { Kind: AttributeKind.S } name)
        {
            return Actor.Unknown;
        }

        var wasWritten = action == ChangeAction.Insert
            || (before is not null && Kept(rules).Append(path).Any(attribute => !Equals(attribute.Find(before), attribute.Find(after))));
        return wasWritten ? new Actor(ActorSource.Attribute, name.Text) : Actor.Unknown;
    }
}
