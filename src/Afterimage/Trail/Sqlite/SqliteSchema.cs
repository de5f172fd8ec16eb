namespace Afterimage.Trail.Sqlite;

/// <summary>The tables of the file, and whether a file is ours.</summary>
internal static class SqliteSchema
{
    /// <summary>Raised with every change that an older program could not read or would write wrongly.</summary>
    public const long Version = 1;

    // "Afim": the mark by which a file is known for a trail, also to file(1).
    private const long ApplicationId = 0x4166696D;

    // An entry's row is narrow and its JSON lies apart, so that a search passes over millions of rows without reading their images.
    private static readonly string Tables = $"""
        PRAGMA application_id = {ApplicationId};
        PRAGMA user_version = {Version};

        CREATE TABLE stream (
          no INTEGER PRIMARY KEY,
          arn TEXT NOT NULL UNIQUE
        ) STRICT;

        CREATE TABLE shard (
          no INTEGER PRIMARY KEY,
          stream INTEGER NOT NULL REFERENCES stream,
          id TEXT NOT NULL,
          parent TEXT,
          last TEXT,
          size INTEGER NOT NULL,
          finished INTEGER NOT NULL,
          last_entry_time INTEGER,
          read_through INTEGER,
          UNIQUE (stream, id)
        ) STRICT;

        CREATE TABLE audited_table (
          name TEXT PRIMARY KEY,
          partition_key TEXT NOT NULL,
          partition_kind TEXT NOT NULL,
          sort_key TEXT,
          sort_kind TEXT,
          stream TEXT,
          followed INTEGER NOT NULL
        ) STRICT;

        CREATE TABLE key_pair (
          table_name TEXT NOT NULL,
          partition_key TEXT NOT NULL,
          sort_key TEXT NOT NULL,
          PRIMARY KEY (table_name, partition_key, sort_key)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE entry (
          no INTEGER PRIMARY KEY,
          shard INTEGER NOT NULL REFERENCES shard,
          place INTEGER NOT NULL,
          id TEXT NOT NULL,
          stream INTEGER NOT NULL REFERENCES stream,
          sequence BLOB NOT NULL,
          time INTEGER NOT NULL,
          item BLOB,
          partition BLOB,
          table_name TEXT NOT NULL,
          service TEXT,
          entity TEXT,
          tenant TEXT,
          action TEXT,
          actor TEXT,
          attributed INTEGER NOT NULL
        ) STRICT;

        CREATE TABLE body (
          no INTEGER PRIMARY KEY REFERENCES entry,
          json BLOB NOT NULL
        ) STRICT;

        CREATE UNIQUE INDEX entry_by_id ON entry (id);
        CREATE UNIQUE INDEX entry_by_shard ON entry (shard, place);
        CREATE INDEX entry_by_item ON entry (item, stream, sequence);
        CREATE INDEX entry_by_partition ON entry (partition, stream, sequence) WHERE partition IS NOT NULL;
        CREATE INDEX entry_by_time ON entry (time);
        CREATE INDEX entry_without_place ON entry (table_name) WHERE item IS NULL;
        """;

    /// <summary>Whether the trail's tables are there. A file that holds something else is refused.</summary>
    public static bool Check(SqliteSession session)
    {
        var application = (long)session.Scalar("PRAGMA application_id")!;
        var version = (long)session.Scalar("PRAGMA user_version")!;
        if (application == ApplicationId)
        {
            return version <= Version ? true : throw SqliteErrors.Newer(session.Path, version);
        }

        // A file that was made and then left by a crash before its tables were is empty, and as good as none.
        var tables = (long)session.Scalar("SELECT count(*) FROM sqlite_schema")!;
        return application == 0 && version == 0 && tables == 0
            ? false
            : throw SqliteErrors.NotOurs(session.Path, "it is a SQLite database of another program");
    }

    /// <summary>Makes the tables where there are none; two processes that begin at once make them once.</summary>
    public static bool Ensure(SqliteSession session)
    {
        if (!Check(session))
        {
            session.Run(Tables);
        }

        return true;
    }
}
