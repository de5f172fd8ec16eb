using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Afterimage.Trail.Sqlite;

/// <summary>A statement that is run for every entry: values go to SQLite as they are, without an object for each.</summary>
internal sealed class SqliteStatement : IDisposable
{
    private readonly sqlite3 database;
    private readonly sqlite3_stmt statement;
    private readonly nint direct;
    private int next = 1;

    /// <summary>Prepares a statement on a connection that outlives it.</summary>
    public SqliteStatement(sqlite3 database, string sql)
    {
        this.database = database;
        SqliteException.ThrowExceptionForRC(raw.sqlite3_prepare_v2(database, sql, out statement), database);
        direct = statement.DangerousGetHandle();
    }

    /// <summary>Hands over the next value.</summary>
    public SqliteStatement Bind(long value)
    {
        _ = raw.sqlite3_bind_int64(statement, next++, value);
        return this;
    }

    /// <summary>Hands over the next value, which may be none.</summary>
    public SqliteStatement Bind(long? value)
    {
        _ = value is { } number ? raw.sqlite3_bind_int64(statement, next, number) : raw.sqlite3_bind_null(statement, next);
        next++;
        return this;
    }

    /// <summary>Hands over the next value, which SQLite copies.</summary>
    public SqliteStatement Bind(ReadOnlySpan<byte> value)
    {
        SqliteException.ThrowExceptionForRC(raw.sqlite3_bind_blob(statement, next++, value), database);
        return this;
    }

    /// <summary>Runs the statement with the values that were handed over.</summary>
    /// <returns>Whether it found a row.</returns>
    public bool Run()
    {
        var result = Step(direct);
        _ = raw.sqlite3_reset(statement);
        next = 1;
        if (result is not (raw.SQLITE_DONE or raw.SQLITE_ROW))
        {
            SqliteException.ThrowExceptionForRC(result, database);
        }

        return result == raw.SQLITE_ROW;
    }

    /// <summary>Goes on to the next row; behind the last one the statement can be used anew.</summary>
    public bool Step()
    {
        var result = Step(direct);
        if (result == raw.SQLITE_ROW)
        {
            return true;
        }

        _ = raw.sqlite3_reset(statement);
        next = 1;
        SqliteException.ThrowExceptionForRC(result == raw.SQLITE_DONE ? raw.SQLITE_OK : result, database);
        return false;
    }

    /// <summary>A number of the row.</summary>
    public long Integer(int column) => ColumnInteger(direct, column);

    /// <summary>A number of the row that may be none.</summary>
    public long? IntegerOrNull(int column) => ColumnType(direct, column) == raw.SQLITE_NULL ? null : Integer(column);

    /// <summary>Bytes of the row, which hold until the next step.</summary>
    public ReadOnlySpan<byte> Bytes(int column)
    {
        // In this order: asking for the bytes may change how many there are.
        var bytes = ColumnBytes(direct, column);
        return bytes == nint.Zero ? default : MemoryMarshal.CreateReadOnlySpan(ref Unsafe.AddByteOffset(ref Unsafe.NullRef<byte>(), bytes), ColumnLength(direct, column));
    }

    /// <inheritdoc/>
    public void Dispose() => statement.Dispose();

    // SQLitePCLRaw counts references to the handle with every call, of which there are twenty for each entry that is read. Who disposes of a statement steps no more.
    [DllImport("e_sqlite3", EntryPoint = "sqlite3_step", CallingConvention = CallingConvention.Cdecl)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Step(nint statement);

    // What hands out a value that is there already need not let the garbage collector in. SQLite takes the connection's lock for it, which is free: one thread at a time
    // uses a connection, and nothing of SQLite calls back.
    [SuppressGCTransition]
    [DllImport("e_sqlite3", EntryPoint = "sqlite3_column_int64", CallingConvention = CallingConvention.Cdecl)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern long ColumnInteger(nint statement, int column);

    [SuppressGCTransition]
    [DllImport("e_sqlite3", EntryPoint = "sqlite3_column_blob", CallingConvention = CallingConvention.Cdecl)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint ColumnBytes(nint statement, int column);

    [SuppressGCTransition]
    [DllImport("e_sqlite3", EntryPoint = "sqlite3_column_bytes", CallingConvention = CallingConvention.Cdecl)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int ColumnLength(nint statement, int column);

    [SuppressGCTransition]
    [DllImport("e_sqlite3", EntryPoint = "sqlite3_column_type", CallingConvention = CallingConvention.Cdecl)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int ColumnType(nint statement, int column);
}
