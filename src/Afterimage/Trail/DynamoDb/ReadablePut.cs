using Afterimage.Trail.DynamoDb.Table;

namespace Afterimage.Trail.DynamoDb;

/// <summary>
/// Puts an entry's item so that it can be read as it stands, wherever DynamoDB takes that: items nest to 32 levels, and an image in an entry lies one deeper than in its own
/// table. What is not taken is put without what is only there to be looked at.
/// </summary>
internal static class ReadablePut
{
    /// <summary>Puts it.</summary>
    /// <param name="table">The table.</param>
    /// <param name="put">The item with everything in it.</param>
    /// <param name="plain">Makes the item without what is only there to be looked at.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>Whether the condition held.</returns>
    public static async Task<bool> TryAsync(IItemTable table, ItemWrite.Put put, Func<NewItem> plain, CancellationToken ct)
    {
        try
        {
            return await table.WriteAsync(put, ct);
        }
        catch (AfterimageException e) when (TableErrors.IsRefusal(e))
        {
            return await table.WriteAsync(put with { Item = plain() }, ct);
        }
    }
}
