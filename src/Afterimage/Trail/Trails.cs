using Afterimage.Trail.Sqlite;

namespace Afterimage.Trail;

/// <summary>Opens a trail by its address.</summary>
public static class Trails
{
    private const string Sqlite = "sqlite:";

    /// <summary>Opens the trail at an address: <c>sqlite:PATH</c>, the file at that path.</summary>
    /// <exception cref="UsageException">No trail has such an address.</exception>
    /// <exception cref="AfterimageException">The trail there cannot be opened.</exception>
    public static async Task<ITrail> OpenAsync(string uri, OpenMode mode, CancellationToken ct) =>
        uri.StartsWith(Sqlite, StringComparison.OrdinalIgnoreCase)
            ? await SqliteTrail.OpenAsync(uri, uri[Sqlite.Length..], mode, ct)
            : throw new UsageException($"'{uri}' is not the address of a trail.", "Write sqlite:PATH, such as sqlite:afterimage.db.");
}

/// <summary>What a trail is opened for.</summary>
public enum OpenMode
{
    /// <summary>Questions: the trail must be there, and is never changed.</summary>
    ReadOnly,

    /// <summary>Appends: the trail is made where there is none.</summary>
    CreateOrWrite,
}
