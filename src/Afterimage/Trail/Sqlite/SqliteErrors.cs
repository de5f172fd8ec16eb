using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Afterimage.Trail.Sqlite;

/// <summary>SQLite's errors in the operator's words.</summary>
internal static class SqliteErrors
{
    /// <summary>What to throw in the error's place: what the operator must do, or that this program is at fault.</summary>
    public static Exception Explain(SqliteException error, string path) => error.SqliteErrorCode switch
    {
        raw.SQLITE_FULL => new AfterimageException(
            $"The disk that holds the trail {path} is full. Nothing of the last batch was written.",
            "Free space on that disk; what was not kept is read from the stream again.",
            error),
        raw.SQLITE_IOERR => new AfterimageException(
            $"The trail {path} cannot be read or written: {error.Message}",
            "Check the disk and the space left on it; what was not kept is read from the stream again.",
            error),
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED => new AfterimageException(
            $"The trail {path} is locked by another program.",
            "Close whatever holds it open, such as a sqlite3 shell within a transaction, and try again.",
            error),
        raw.SQLITE_READONLY => new AfterimageException(
            $"The trail {path} may not be written.",
            "Give the user who runs afterimage the right to write the file and its directory.",
            error),
        raw.SQLITE_CANTOPEN or raw.SQLITE_PERM or raw.SQLITE_AUTH => new AfterimageException(
            $"The trail {path} cannot be opened: {error.Message}",
            "Check the rights on the file, on those with -wal and -shm at the end of its name, and on its directory: "
            + "readers write there too, to share the file with a writer.",
            error),
        raw.SQLITE_NOTADB => NotOurs(path, "it is not a SQLite database", error),
        raw.SQLITE_CORRUPT => new AfterimageException(
            $"The trail {path} is damaged: {error.Message}",
            "Keep the file as it is, put back a copy made before, and let afterimage run go on from there.",
            error),
        _ => new InvalidOperationException($"SQLite refused what was asked of {path}: {error.Message}", error),
    };

    public static AfterimageException NotOurs(string path, string why, Exception? error = null) => new(
        $"{path} is not a trail: {why}. It was left as it is.",
        "Name another file with --trail sqlite:PATH.",
        error);

    public static AfterimageException Newer(string path, long version) => new(
        $"The trail {path} was written by a newer afterimage (its schema is {version}, this program knows {SqliteSchema.Version}).",
        "Upgrade afterimage on this machine.");

    public static AfterimageException Older(string path, long version) => new(
        $"The trail {path} was written by an afterimage from before its first release (its schema is {version}, this program knows {SqliteSchema.Version}).",
        "Keep the file for its entries, and name a new one with --trail sqlite:PATH.");

    public static AfterimageException Moved(string path) => new(
        $"The trail {path} was moved, deleted or replaced while it was open. What was to be written now was not acknowledged.",
        "Put the file back, together with those with -wal and -shm at the end of its name, and start afterimage again.");
}
