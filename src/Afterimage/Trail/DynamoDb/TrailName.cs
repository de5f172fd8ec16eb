using Afterimage.Entries;
using Afterimage.Trail.DynamoDb.Table;

namespace Afterimage.Trail.DynamoDb;

/// <summary>The name that the trail's trees are opened under.</summary>
internal sealed class TrailName(IItemTable table)
{
    /// <summary>The name; null before there is one.</summary>
    public async Task<string?> FindAsync(CancellationToken ct) => (await table.GetAsync(Layout.Trail, ct))?.TextOrNull("name");

    /// <summary>Proposes a name: the first one stays for good.</summary>
    /// <returns>The name as it is now.</returns>
    public async Task<string> KeepAsync(string proposed, CancellationToken ct)
    {
        if (await FindAsync(ct) is { } known)
        {
            return known;
        }

        // Whoever was first, the name that stands there now stays.
        await table.WriteAsync(new ItemWrite.Update(Layout.Trail, [("name", AttributeValue.String(proposed))], Term.Missing("name")), ct);
        return await FindAsync(ct) ?? throw new InvalidOperationException("The trail's name is gone again.");
    }
}
