namespace Afterimage.Entries;

/// <summary>What differs between two images of an item: an RFC 6902 patch whose operations apply one after the other, in this order.</summary>
/// <remarks>
/// Members of maps come in the order of their names' UTF-16 code units, elements of lists in the order of the list. A list index names the
/// place in the state that the operations before it have reached, which is also the element's place in the new list.
/// </remarks>
public static class ItemDiff
{
    /// <summary>The changes from one image to the other; null stands for an item that is not there, which differs in every attribute.</summary>
    public static IReadOnlyList<Change> Between(AttributeMap? old, AttributeMap? @new) => Between(old, @new, []);

    /// <summary>
    /// The changes from one image to the other, without those at or below a path to be ignored. A value that is added, removed or replaced
    /// as a whole above such a path keeps what is there; and an element that enters or leaves a list always counts, since it moves those after it.
    /// </summary>
    public static IReadOnlyList<Change> Between(AttributeMap? old, AttributeMap? @new, IReadOnlyList<AttributePath> ignore)
    {
        var walk = new Walk(ignore);
        walk.Maps(AttributePath.Root, old ?? AttributeMap.Empty, @new ?? AttributeMap.Empty);
        return walk.Changes;
    }

    /// <summary>The changes from one list to the other, which stand at this place.</summary>
    internal static IReadOnlyList<Change> BetweenLists(AttributePath place, IReadOnlyList<AttributeValue> old, IReadOnlyList<AttributeValue> @new)
    {
        var walk = new Walk([]);
        walk.Lists(place, old, @new);
        return walk.Changes;
    }

    private sealed class Walk(IReadOnlyList<AttributePath> ignore)
    {
        public List<Change> Changes { get; } = [];

        public void Maps(AttributePath path, AttributeMap old, AttributeMap @new)
        {
            foreach (var name in old.Keys.Union(@new.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal))
            {
                var place = path.Append(name);
                if (!ignore.Any(ignored => ignored.Covers(place)))
                {
                    Values(place, old.GetValueOrDefault(name), @new.GetValueOrDefault(name));
                }
            }
        }

        public void Lists(AttributePath path, IReadOnlyList<AttributeValue> old, IReadOnlyList<AttributeValue> @new)
        {
            var (i, j) = (0, 0);
            foreach (var edit in ListEdits.Between(old, @new))
            {
                // So far the state holds the new list up to j and the old one from i on.
                var place = edit == ListEdit.Keep ? path : path.Append(j);
                switch (edit)
                {
                    case ListEdit.Remove:
                        Values(place, old[i], null);
                        break;
                    case ListEdit.Insert:
                        Values(place, null, @new[j]);
                        break;
                    case ListEdit.Replace when !ignore.Any(ignored => ignored.Covers(place)):
                        Values(place, old[i], @new[j]);
                        break;
                    default:
                        break;
                }

                i += edit == ListEdit.Insert ? 0 : 1;
                j += edit == ListEdit.Remove ? 0 : 1;
            }
        }

        private void Values(AttributePath place, AttributeValue? old, AttributeValue? @new)
        {
            switch (old?.Kind, @new?.Kind)
            {
                case (AttributeKind.M, AttributeKind.M):
                    Maps(place, old!.Members, @new!.Members);
                    break;
                case (AttributeKind.L, AttributeKind.L):
                    Lists(place, old!.Items, @new!.Items);
                    break;
                case (null, _):
                    Changes.Add(new Change(ChangeOp.Add, place.ToString(), Old: null, @new));
                    break;
                case (_, null):
                    Changes.Add(new Change(ChangeOp.Remove, place.ToString(), old, Value: null));
                    break;
                default:
                    if (!old!.Equals(@new))
                    {
                        Changes.Add(new Change(ChangeOp.Replace, place.ToString(), old, @new));
                    }

                    break;
            }
        }
    }
}
