using Afterimage.Entries;
using Afterimage.Trail.DynamoDb.Table;

namespace Afterimage.Trail.DynamoDb;

/// <summary>An item that leads from an entry's id to its item. Both follow from the same record, so that whoever writes one writes the same.</summary>
internal static class Pointer
{
    private const string Partition = "entryPk";
    private const string Sort = "entrySk";

    /// <summary>The item.</summary>
    public static NewItem Of(EntryId id, ItemKey entry) => NewItem.Of(Layout.PointerOf(id), (Partition, Cell.Of(entry.Partition)), (Sort, Cell.Of(entry.Sort)));

    /// <summary>Where it leads.</summary>
    public static ItemKey Read(Item pointer) => new(pointer.Text(Partition), pointer.Text(Sort));
}
