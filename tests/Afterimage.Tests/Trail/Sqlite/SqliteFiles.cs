using Afterimage.Trail;
using Afterimage.Trail.Sqlite;
using Microsoft.Data.Sqlite;

namespace Afterimage.Tests.Trail.Sqlite;

/// <summary>A directory of one test's own, and what is done to the files in it from outside.</summary>
public abstract class SqliteFiles : IAsyncDisposable
{
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("afterimage-");

    protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    protected string TrailPath => PathOf("trail.db");

    public ValueTask DisposeAsync()
    {
        directory.Delete(recursive: true);
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    protected string PathOf(string name) => Path.Combine(directory.FullName, name);

    private protected Task<SqliteTrail> OpenAsync(OpenMode mode = OpenMode.CreateOrWrite) => SqliteTrail.OpenAsync("sqlite:trail.db", TrailPath, mode, Ct);

    private protected Task<AfterimageException> RefusedAsync(OpenMode mode, string? path = null) =>
        Should.ThrowAsync<AfterimageException>(() => SqliteTrail.OpenAsync("sqlite:trail.db", path ?? TrailPath, mode, new SqliteTuning { LockAttempts = 1 }, Ct));

    /// <summary>Runs SQL on a database as another program would.</summary>
    protected static object? Sql(string path, string sql)
    {
        using var connection = Connect(path);
        return Sql(connection, sql);
    }

    protected static object? Sql(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    protected static SqliteConnection Connect(string path)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        connection.Open();
        return connection;
    }
}
