using Afterimage.Tests.Contracts;
using Afterimage.Trail;
using Afterimage.Trail.Sqlite;

namespace Afterimage.Tests.Trail.Sqlite;

/// <summary>The intake of a trail in SQLite.</summary>
public sealed class SqliteIntakeTests : IntakeContract
{
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("afterimage-");

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        directory.Delete(recursive: true);
    }

    protected override async Task<ITrail> OpenAsync(OpenMode mode) =>
        await SqliteTrail.OpenAsync("sqlite:trail.db", Path.Combine(directory.FullName, "trail.db"), mode, Ct);
}
