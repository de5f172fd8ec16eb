using Afterimage.Trail.DynamoDb;
using Afterimage.Trail.Sqlite;

namespace Afterimage.Trail;

/// <summary>Opens a trail by its address.</summary>
public static class Trails
{
    private const string Sqlite = "sqlite:";
    private const string DynamoDb = "dynamodb:";

    /// <summary>Opens the trail at an address: <c>sqlite:PATH</c>, the file at that path, or <c>dynamodb:TABLE</c>, the table of that name.</summary>
    /// <param name="uri">The address.</param>
    /// <param name="mode">What it is opened for.</param>
    /// <param name="site">What a table is reached with.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="UsageException">No trail has such an address.</exception>
    /// <exception cref="AfterimageException">The trail there cannot be opened.</exception>
    public static async Task<ITrail> OpenAsync(string uri, OpenMode mode, TrailSite site, CancellationToken ct) => TableOf(uri) is { } table
        ? await DynamoTrails.OpenAsync(uri, table, mode, site, ct)
        : await OpenFileAsync(uri, mode, ct);

    /// <summary>Opens a trail on this machine: <c>sqlite:PATH</c>, the file at that path.</summary>
    /// <exception cref="UsageException">No trail on this machine has such an address.</exception>
    /// <exception cref="AfterimageException">The trail there cannot be opened.</exception>
    public static async Task<ITrail> OpenFileAsync(string uri, OpenMode mode, CancellationToken ct) =>
        uri.StartsWith(Sqlite, StringComparison.OrdinalIgnoreCase)
            ? await SqliteTrail.OpenAsync(uri, uri[Sqlite.Length..], mode, ct)
            : throw new UsageException(
                $"'{uri}' is not the address of a trail.", "Write sqlite:PATH, such as sqlite:afterimage.db, or dynamodb:TABLE, such as dynamodb:afterimage-trail.");

    /// <summary>Makes what a trail needs before it can be opened to add to it: a table, if it is kept in one and there is none.</summary>
    /// <returns>What was done, a sentence each; empty where nothing was to do.</returns>
    /// <exception cref="AfterimageException">The table there is not one of a trail, or cannot be made.</exception>
    public static async Task<IReadOnlyList<string>> PrepareAsync(string uri, TrailTableOptions options, TrailSite site, CancellationToken ct) =>
        TableOf(uri) is { } table ? await DynamoTrails.PrepareAsync(table, options, site, ct) : [];

    /// <summary>Whether the trail at an address is kept in a table, where every write is paid for.</summary>
    public static bool IsInTable(string uri) => TableOf(uri) is not null;

    /// <summary>The table that the trail at an address is kept in; null where it is kept elsewhere.</summary>
    internal static string? TableOf(string uri) => uri.StartsWith(DynamoDb, StringComparison.OrdinalIgnoreCase) ? uri[DynamoDb.Length..] : null;
}

/// <summary>What a trail is opened for.</summary>
public enum OpenMode
{
    /// <summary>Questions: the trail must be there, and is never changed.</summary>
    ReadOnly,

    /// <summary>Appends: the trail is made where there is none.</summary>
    CreateOrWrite,
}
