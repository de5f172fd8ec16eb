using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Afterimage.Trail.Sqlite;

/// <summary>One connection with its prepared statements, for one caller at a time.</summary>
internal sealed class SqliteSession : IDisposable
{
    // SQLITE_FCNTL_HAS_MOVED: whether the file at the path is no longer the one that is open.
    private const int HasMoved = 20;

    // SQLite waits this long for a lock; SqliteSessions decides how often.
    private const int LockSeconds = 1;

    // FULL: a commit is on the disk before it is acknowledged. The fullfsync pair asks the same of macOS, and says nothing elsewhere.
    private static readonly string[] EverySession =
        ["busy_timeout = 1000", "synchronous = FULL", "fullfsync = ON", "checkpoint_fullfsync = ON", "temp_store = MEMORY"];

    // The history indexes have their keys in random order, so that a batch touches a page for nearly every entry: a cache of 64 MB holds
    // those pages, a log of 16 MB lets several batches share one copying of them, and what the log grew beyond 64 MB is given back.
    private static readonly string[] Writer = ["cache_size = -65536", "wal_autocheckpoint = 4000", "journal_size_limit = 67108864"];

    private readonly SqliteConnection connection;
    private readonly Dictionary<string, SqliteCommand> commands = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SqliteStatement> statements = new(StringComparer.Ordinal);

    public SqliteSession(string path, SqliteOpenMode mode)
    {
        // The program keeps its own sessions, and a closed one must let go of the file.
        var text = new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false, DefaultTimeout = LockSeconds };
        connection = new SqliteConnection(text.ToString());
        try
        {
            connection.Open();

            foreach (var pragma in (string[])[.. EverySession, .. mode == SqliteOpenMode.ReadOnly ? [] : Writer])
            {
                Run($"PRAGMA {pragma}");
            }

            Path = raw.sqlite3_db_filename(connection.Handle, "main").utf8_to_string();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The file as SQLite resolved it, links followed.</summary>
    public string Path { get; }

    /// <summary>Prepares a statement once and hands it out with these values for <c>$1</c>, <c>$2</c> and so on.</summary>
    public SqliteCommand Command(string sql, params ReadOnlySpan<object?> values)
    {
        if (!commands.TryGetValue(sql, out var command))
        {
            command = new SqliteCommand(sql, connection);
            for (var i = 1; i <= values.Length; i++)
            {
                command.Parameters.Add(new SqliteParameter { ParameterName = $"${i}" });
            }

            commands.Add(sql, command);
        }

        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i] ?? DBNull.Value;
        }

        return command;
    }

    /// <summary>Prepares a statement that is run for every entry, once.</summary>
    public SqliteStatement Statement(string sql)
    {
        if (!statements.TryGetValue(sql, out var statement))
        {
            statement = new SqliteStatement(connection.Handle!, sql);
            statements.Add(sql, statement);
        }

        return statement;
    }

    /// <summary>The words of this connection.</summary>
    public SqliteWords Words { get; } = new();

    /// <summary>Runs a statement and tells how many rows it changed.</summary>
    public int Run(string sql, params ReadOnlySpan<object?> values) => Command(sql, values).ExecuteNonQuery();

    /// <summary>The first column of the first row; null where there is no row or the column is NULL.</summary>
    public object? Scalar(string sql, params ReadOnlySpan<object?> values) =>
        Command(sql, values).ExecuteScalar() is { } value and not DBNull ? value : null;

    /// <summary>Reads all rows.</summary>
    public List<T> Rows<T>(Func<SqliteDataReader, T> row, string sql, params ReadOnlySpan<object?> values)
    {
        using var reader = Command(sql, values).ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
        {
            rows.Add(row(reader));
        }

        return rows;
    }

    /// <summary>Ends a transaction that an error left open.</summary>
    public void RollBackIfOpen()
    {
        if (raw.sqlite3_get_autocommit(connection.Handle) == 0)
        {
            Words.Clear();
            Run("ROLLBACK");
        }
    }

    /// <summary>Refuses to go on with a file that nobody will find again.</summary>
    public void RefuseMoved()
    {
        // Answers nothing on Windows, which does not let go of the name of an open file.
        if (FileControl(connection.Handle!, 0, HasMoved, out var moved) == raw.SQLITE_OK && moved != 0)
        {
            throw SqliteErrors.Moved(Path);
        }
    }

    /// <summary>Refuses to acknowledge a commit whose log is no longer where a restart would look for it.</summary>
    public void RefuseLostLog()
    {
        RefuseMoved();
        if (!File.Exists($"{Path}-wal"))
        {
            throw SqliteErrors.Moved(Path);
        }
    }

    public void Dispose()
    {
        foreach (var statement in (IEnumerable<IDisposable>)[.. commands.Values, .. statements.Values])
        {
            statement.Dispose();
        }

        connection.Dispose();
    }

    // SQLitePCLRaw leaves this one function out. The library is the one that it loads.
    [DllImport("e_sqlite3", EntryPoint = "sqlite3_file_control", CallingConvention = CallingConvention.Cdecl)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int FileControl(sqlite3 db, nint name, int operation, out int answer);
}
