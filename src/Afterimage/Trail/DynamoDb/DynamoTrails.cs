using Afterimage.Trail.DynamoDb.Table;

namespace Afterimage.Trail.DynamoDb;

/// <summary>Opens trails in DynamoDB, and makes their tables.</summary>
internal static class DynamoTrails
{
    private const int WriterBytes = 5;

    /// <summary>Opens the trail in a table.</summary>
    /// <exception cref="AfterimageException">There is no such table, or it is not one of a trail, or AWS does not let it be used.</exception>
    public static async Task<ITrail> OpenAsync(string uri, string name, OpenMode mode, TrailSite site, CancellationToken ct)
    {
        CheckName(uri, name);
        DynamoTable? table = null;
        try
        {
            table = new DynamoTable(name, site);
            await DemandTrailAsync(name, table, ct);
            IItemTable requests = site.Reads is { } reads ? new ToldTable(table, reads) : table;
            var trail = new DynamoTrail(uri, requests, mode, Convert.ToHexStringLower(site.Secrets(WriterBytes)), site.Time, table);
            table = null;
            return trail;
        }
        finally
        {
            table?.Dispose();
        }
    }

    /// <summary>Makes the table of a trail if there is none; one that is there is only looked at.</summary>
    public static async Task<IReadOnlyList<string>> PrepareAsync(string name, TrailTableOptions options, TrailSite site, CancellationToken ct)
    {
        CheckName($"dynamodb:{name}", name);
        using var table = new DynamoTable(name, site);
        var faults = await table.Setup.LookAsync(ct);
        if (faults is { Count: > 0 })
        {
            throw new AfterimageException(
                $"The table {name} is not one of a trail: {string.Join("; ", faults)}.", "Name another table with --trail dynamodb:TABLE: one that is not there yet is made.");
        }

        var done = faults is null ? await table.Setup.CreateAsync(options, site.Time, ct) : [$"The table {name} is there, with all that a trail needs."];
        await table.WriteAsync(new ItemWrite.Update(Layout.Trail, [("version", Cell.Of(Layout.Version))], Term.Missing("version")), ct);
        return done;
    }

    // Names of tables have letters, digits, _ - and . only, 3 to 255 of them (API reference, CreateTable).
    private static void CheckName(string uri, string name)
    {
        if (name.Length is < 3 or > 255 || name.Any(c => !(char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.')))
        {
            throw new UsageException($"'{uri}' does not name a table.", "Write dynamodb:TABLE, such as dynamodb:afterimage-trail: 3 to 255 letters, digits, _ - and . only.");
        }
    }

    private static async Task DemandTrailAsync(string name, DynamoTable table, CancellationToken ct)
    {
        var version = (await table.GetAsync(Layout.Trail, ct))?.IntegerOrNull("version");
        if (version is null)
        {
            throw new AfterimageException($"The table {name} holds no trail.", $"Make one with: afterimage enable TABLE --trail dynamodb:{name}");
        }

        if (version != Layout.Version)
        {
            throw new AfterimageException(
                $"The trail in the table {name} has layout {version}, and this program knows {Layout.Version}.", "Use the version of Afterimage that made it, or a newer one.");
        }
    }
}
