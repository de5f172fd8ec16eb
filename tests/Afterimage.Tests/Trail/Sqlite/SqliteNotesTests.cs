using Afterimage.Tests.Contracts;
using Afterimage.Trail;
using Afterimage.Trail.Sqlite;

namespace Afterimage.Tests.Trail.Sqlite;

/// <summary>The notes of a trail in SQLite.</summary>
public sealed class SqliteNotesTests : NotesContract, IAsyncLifetime
{
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("afterimage-");
    private SqliteTrail trail = null!;

    protected override ITrailNotes Notes => trail.Notes;

    public async ValueTask InitializeAsync() =>
        trail = await SqliteTrail.OpenAsync("sqlite:trail.db", Path.Combine(directory.FullName, "trail.db"), OpenMode.CreateOrWrite, TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await trail.DisposeAsync();
        directory.Delete(recursive: true);
    }
}
