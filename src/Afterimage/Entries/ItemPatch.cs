namespace Afterimage.Entries;

/// <summary>Changes applied to an image, forwards and back.</summary>
public static class ItemPatch
{
    /// <summary>The image after the changes, applied strictly one after the other.</summary>
    /// <exception cref="PatchException">A change does not fit: its place is not there, or does not hold the old value it names.</exception>
    public static AttributeMap Apply(AttributeMap image, IReadOnlyList<Change> changes)
    {
        var draft = new Draft(AttributeValue.Map(image));
        foreach (var change in changes)
        {
            Apply(draft, change);
        }

        return draft.Value().Members;
    }

    /// <summary>The changes that take these back, in their order.</summary>
    public static IReadOnlyList<Change> Reverse(IReadOnlyList<Change> changes) => [.. changes.Reverse().Select(Reverse)];

    /// <summary>The image before the changes.</summary>
    /// <exception cref="PatchException">A change does not fit the image it is said to have led to.</exception>
    public static AttributeMap Revert(AttributeMap image, IReadOnlyList<Change> changes) => Apply(image, Reverse(changes));

    private static Change Reverse(Change change) => change.Op switch
    {
        ChangeOp.Add => new Change(ChangeOp.Remove, change.Path, change.Value, Value: null),
        ChangeOp.Remove => new Change(ChangeOp.Add, change.Path, Old: null, change.Old),
        _ => new Change(ChangeOp.Replace, change.Path, change.Value, change.Old),
    };

    private static void Apply(Draft item, Change change)
    {
        var segments = Read(change).Segments;
        var holder = item;
        foreach (var segment in segments.SkipLast(1))
        {
            holder = holder.Find(segment) ?? throw new PatchException(change, $"there is nothing at '{segment}'");
        }

        var last = segments[^1];
        if (change.Op == ChangeOp.Add)
        {
            if (!holder.TryAdd(last, change.Value!))
            {
                throw new PatchException(change, "its place is taken, or no member can be there");
            }

            return;
        }

        var found = holder.Find(last) ?? throw new PatchException(change, "there is nothing in its place");
        if (!found.Value().Equals(change.Old))
        {
            throw new PatchException(change, "another value than the old one is in its place");
        }

        if (change.Op == ChangeOp.Remove)
        {
            holder.Remove(last);
        }
        else
        {
            holder.Set(last, change.Value!);
        }
    }

    private static AttributePath Read(Change change)
    {
        try
        {
            return AttributePath.Parse(change.Path);
        }
        catch (FormatException e)
        {
            throw new PatchException(change, e.Message, e);
        }
    }

    /// <summary>A value being changed. Maps and lists are taken apart only where a change goes through them, so that many changes copy each once.</summary>
    private sealed class Draft(AttributeValue value)
    {
        private Dictionary<string, Draft>? members;
        private List<Draft>? items;

        public AttributeValue Value()
        {
            if (members is not null)
            {
                return AttributeValue.Map(new AttributeMap(members.Select(member => KeyValuePair.Create(member.Key, member.Value.Value()))));
            }

            return items is null ? value : AttributeValue.List([.. items.Select(item => item.Value())]);
        }

        public Draft? Find(string segment)
        {
            TakeApart();
            return members is not null
                ? members.GetValueOrDefault(segment)
                : items is not null && AttributePath.TryReadIndex(segment, out var index) && index < items.Count ? items[index] : null;
        }

        public bool TryAdd(string segment, AttributeValue added)
        {
            TakeApart();
            if (items is null || !AttributePath.TryReadIndex(segment, out var index) || index > items.Count)
            {
                return members?.TryAdd(segment, new Draft(added)) ?? false;
            }

            items.Insert(index, new Draft(added));
            return true;
        }

        public void Remove(string segment)
        {
            if (members is not null)
            {
                members.Remove(segment);
            }
            else
            {
                items!.RemoveAt(Index(segment));
            }
        }

        public void Set(string segment, AttributeValue set)
        {
            if (members is not null)
            {
                members[segment] = new Draft(set);
            }
            else
            {
                items![Index(segment)] = new Draft(set);
            }
        }

        private static int Index(string segment) =>
            AttributePath.TryReadIndex(segment, out var index) ? index : throw new InvalidOperationException($"'{segment}' was found as an index.");

        private void TakeApart()
        {
            if (value.Kind == AttributeKind.M)
            {
                members ??= value.Members.ToDictionary(member => member.Key, member => new Draft(member.Value), StringComparer.Ordinal);
            }
            else if (value.Kind == AttributeKind.L)
            {
                items ??= [.. value.Items.Select(item => new Draft(item))];
            }
        }
    }
}

/// <summary>A change does not fit the image it was applied to.</summary>
public sealed class PatchException(Change change, string reason, Exception? innerException = null)
    : Exception($"The change {change.Op} of '{change.Path}' does not fit: {reason}.", innerException)
{
    /// <summary>The change.</summary>
    public Change Change { get; } = change;
}
