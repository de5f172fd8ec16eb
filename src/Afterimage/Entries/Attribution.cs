using Afterimage.Streams.Records;

namespace Afterimage.Entries;

/// <summary>Says who made a change, or that nobody can know.</summary>
internal static class Attribution
{
    /// <summary>The actor of a change.</summary>
    /// <remarks>
    /// An attribute such as <c>updatedBy</c> names the last writer that kept it up to date. A writer that forgets it leaves the name
    /// of somebody else, and a delete names nobody. So the name counts only where this very change wrote it: it is new, or one of
    /// the attributes that only say who or when (<see cref="TableRules.Ignore"/>, such as <c>updatedAt</c>) is.
    /// </remarks>
    public static Actor Of(RecordIdentity? identity, ChangeAction action, AttributeMap? before, AttributeMap? after, TableRules rules)
    {
        if (identity is { Type: "Service", PrincipalId: "dynamodb.amazonaws.com" })
        {
            return new Actor(ActorSource.TimeToLive, identity.PrincipalId);
        }

        if (rules.Actor is not { } path || after is null || path.Find(after) is not { Kind: AttributeKind.S } name)
        {
            return Actor.Unknown;
        }

        var wasWritten = action == ChangeAction.Insert
            || (before is not null && rules.Ignore.Append(path).Any(attribute => !Equals(attribute.Find(before), attribute.Find(after))));
        return wasWritten ? new Actor(ActorSource.Attribute, name.Text) : Actor.Unknown;
    }
}
