namespace Afterimage.Entries;

/// <summary>
/// Takes configured places out of an entry before it is kept. Differences are found first and redacted after, so that an entry still
/// says that something changed there. That no key is redacted is checked where the paths are configured.
/// </summary>
public static class Redaction
{
    /// <summary>The entry with both images and its changes redacted. The bytes of an unreadable record have no paths and stay as they are.</summary>
    public static AuditEntry Apply(AuditEntry entry, IReadOnlyList<AttributePath> paths) => entry with
    {
        OldImage = entry.OldImage is null ? null : Apply(entry.OldImage, paths),
        NewImage = entry.NewImage is null ? null : Apply(entry.NewImage, paths),
        Changes = entry.Changes is null ? null : Apply(entry.Changes, paths),
    };

    /// <summary>The image with each of these places redacted; a place it does not have stays absent.</summary>
    public static AttributeMap Apply(AttributeMap image, IReadOnlyList<AttributePath> paths) =>
        paths.Aggregate(image, (redacted, path) => Within(redacted, [.. path.Segments]));

    /// <summary>
    /// The changes with these places redacted. All that happened below such a place becomes one replacement of it, since the names below it
    /// are as secret as the values. A redacted path through a list index redacts that place in <em>every</em> element that changed: the
    /// index in a change is a place between two images, where the element may have another index in each.
    /// </summary>
    public static IReadOnlyList<Change> Apply(IReadOnlyList<Change> changes, IReadOnlyList<AttributePath> paths)
    {
        var redacted = new List<Change>();
        foreach (var change in changes.Select(change => paths.Aggregate(change, Redact)))
        {
            // What lies below one place comes in one run.
            if (redacted.Count == 0 || !IsFolded(change) || redacted[^1] != change)
            {
                redacted.Add(change);
            }
        }

        return redacted;
    }

    private static bool IsFolded(Change change) => change is { Op: ChangeOp.Replace, Old.Kind: AttributeKind.REDACTED, Value.Kind: AttributeKind.REDACTED };

    private static Change Redact(Change change, AttributePath secret)
    {
        var place = AttributePath.Parse(change.Path);
        var shared = Math.Min(place.Segments.Count, secret.Segments.Count);
        if (!place.Segments.Take(shared).Zip(secret.Segments).All(pair => IsSame(pair.First, pair.Second)))
        {
            return change;
        }

        if (place.Segments.Count > secret.Segments.Count)
        {
            return new Change(ChangeOp.Replace, place.Take(shared).ToString(), AttributeValue.Redacted, AttributeValue.Redacted);
        }

        string[] rest = [.. secret.Segments.Skip(shared)];
        return change with
        {
            Old = change.Old is null ? null : Within(change.Old, rest),
            Value = change.Value is null ? null : Within(change.Value, rest),
        };
    }

    private static bool IsSame(string segment, string secret) =>
        segment == secret || (AttributePath.TryReadIndex(segment, out _) && AttributePath.TryReadIndex(secret, out _));

    private static AttributeValue Within(AttributeValue value, ReadOnlySpan<string> path)
    {
        if (path.Length == 0)
        {
            return AttributeValue.Redacted;
        }

        if (value.Kind == AttributeKind.M)
        {
            return AttributeValue.Map(Within(value.Members, path));
        }

        if (value.Kind != AttributeKind.L || !AttributePath.TryReadIndex(path[0], out var index) || index >= value.Items.Count)
        {
            return value;
        }

        var items = value.Items.ToArray();
        items[index] = Within(items[index], path[1..]);
        return AttributeValue.List(items);
    }

    private static AttributeMap Within(AttributeMap map, ReadOnlySpan<string> path)
    {
        if (!map.TryGetValue(path[0], out var value))
        {
            return map;
        }

        var members = map.ToDictionary(StringComparer.Ordinal);
        members[path[0]] = Within(value, path[1..]);
        return new AttributeMap(members);
    }
}
