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
    public static (EntryKind Kind, Actor Actor) Of(RecordValues values, ChangeAction action, string table, TableRules rules, bool stampCameBack)
    {
        var (record, _, before, after) = values;
        if (record.UserIdentity is { Type: "Service", PrincipalId: "dynamodb.amazonaws.com" })
        {
            return (EntryKind.Change, new Actor(ActorSource.TimeToLive, record.UserIdentity.PrincipalId));
        }

        if (!stampCameBack && StampUse.Of(values, action, table, rules.Stamp) is { } use && Counts(use, record.ApproximateCreationTime))
        {
            return (
                use.Borne.Deletes && action == ChangeAction.Modify ? EntryKind.Mark : EntryKind.Change,
                use.Removes ? use.Borne.Writer with { Source = ActorSource.DeleteMark } : use.Borne.Writer);
        }

        var named = OfAttribute(action, before, after, rules);
        return (EntryKind.Change, named == Actor.Unknown && Replication.Made(values) ? Actor.Replication : named);
    }

    /// <summary>The places whose change tells that the writer kept the actor's attribute up to date too.</summary>
    public static IEnumerable<AttributePath> Kept(TableRules rules) => rules.Ignore.Where(place => !Replication.Keeps(place));

    private static bool Counts(StampUse use, DateTimeOffset time) =>
        (time - use.Borne.Time).Duration() <= ClockSkewMax && (!use.Removes || time - use.Borne.Time <= MarkLife);

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
