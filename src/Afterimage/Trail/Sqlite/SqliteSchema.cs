using Afterimage.Proof;

namespace Afterimage.Trail.Sqlite;

/// <summary>The tables of the file, and whether a file is ours.</summary>
internal static class SqliteSchema
{
    /// <summary>Raised with every change that an older program could not read or would write wrongly.</summary>
    public const long Version = 5;

    // "Afim": the mark by which a file is known for a trail, also to file(1).
    private const long ApplicationId = 0x4166696D;

    // Every leaf has a number. Leaves of one append lie in blocks, their texts and their bodies compressed together, the texts by themselves because whoever
    // seals reads nothing else; an entry's row is narrow, so that a search passes over
    // millions of them; and what entries are found by stands in lookup, in spans that are small enough to stay in memory while they are written.
    private static readonly string Tables = $"""
        PRAGMA application_id = {ApplicationId};
        PRAGMA user_version = {Version};

        CREATE TABLE trail (
          one INTEGER PRIMARY KEY CHECK (one = 1),
          name TEXT,
          span INTEGER NOT NULL,
          log_tree BLOB NOT NULL,
          epoch INTEGER NOT NULL,
          sealed_at INTEGER,
          admin_tree BLOB NOT NULL
        ) STRICT;

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
          tree BLOB NOT NULL,
          entries INTEGER NOT NULL,
          finished INTEGER NOT NULL,
          last_entry_time INTEGER,
          read_through INTEGER,
          gap_found_at INTEGER,
          epoch INTEGER NOT NULL,
          owner TEXT,
          UNIQUE (stream, id)
        ) STRICT;

        CREATE TABLE worker (
          id TEXT PRIMARY KEY,
          beats INTEGER NOT NULL
        ) STRICT;

        CREATE TABLE beginning (
          stream INTEGER PRIMARY KEY REFERENCES stream,
          previous TEXT,
          at INTEGER NOT NULL,
          start_from TEXT NOT NULL,
          listed TEXT NOT NULL,
          begins TEXT NOT NULL
        ) STRICT;

        CREATE TABLE gap (
          no INTEGER PRIMARY KEY REFERENCES entry,
          acknowledged INTEGER,
          reason TEXT
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

        CREATE TABLE rules (
          no INTEGER PRIMARY KEY,
          text TEXT NOT NULL UNIQUE
        ) STRICT;

        CREATE TABLE word (
          no INTEGER PRIMARY KEY,
          text TEXT NOT NULL UNIQUE
        ) STRICT;

        CREATE TABLE block (
          no INTEGER PRIMARY KEY,
          shard INTEGER NOT NULL REFERENCES shard,
          place INTEGER NOT NULL,
          leaves INTEGER NOT NULL,
          rules INTEGER NOT NULL REFERENCES rules,
          texts_length INTEGER NOT NULL,
          texts BLOB NOT NULL,
          bodies_length INTEGER NOT NULL,
          bodies BLOB NOT NULL
        ) STRICT;

        CREATE TABLE entry (
          no INTEGER PRIMARY KEY,
          time INTEGER NOT NULL,
          table_name INTEGER NOT NULL,
          service INTEGER,
          entity INTEGER,
          tenant INTEGER,
          action INTEGER,
          actor INTEGER,
          attributed INTEGER NOT NULL
        ) STRICT;

        CREATE TABLE lookup (
          span INTEGER NOT NULL,
          key INTEGER NOT NULL,
          place BLOB NOT NULL,
          no INTEGER NOT NULL,
          PRIMARY KEY (span, key, place, no)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE note (
          book TEXT NOT NULL,
          name TEXT NOT NULL,
          text TEXT NOT NULL,
          version INTEGER NOT NULL,
          PRIMARY KEY (book, name)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE log (
          place INTEGER PRIMARY KEY,
          shard INTEGER,
          text BLOB NOT NULL
        ) STRICT;

        CREATE TABLE sealed (
          shard INTEGER PRIMARY KEY,
          tree BLOB NOT NULL,
          size INTEGER NOT NULL,
          rules TEXT
        ) STRICT;

        CREATE TABLE checkpoint (
          size INTEGER PRIMARY KEY,
          note BLOB NOT NULL
        ) STRICT;

        CREATE TABLE admin (
          place INTEGER PRIMARY KEY,
          text BLOB NOT NULL
        ) STRICT;

        CREATE INDEX log_by_shard ON log (shard, place);
        CREATE UNIQUE INDEX block_by_shard ON block (shard, place);
        CREATE INDEX entry_by_time ON entry (time);
        """;

    /// <summary>Whether the trail's tables are there. A file that holds something else is refused.</summary>
    public static bool Check(SqliteSession session)
    {
        var application = (long)session.Scalar("PRAGMA application_id")!;
        var version = (long)session.Scalar("PRAGMA user_version")!;
        if (application == ApplicationId)
        {
            return version switch
            {
                Version => true,
                > Version => throw SqliteErrors.Newer(session.Path, version),
                _ => throw SqliteErrors.Older(session.Path, version),
            };
        }

        // A file that was made and then left by a crash before its tables were is empty, and as good as none.
        var tables = (long)session.Scalar("SELECT count(*) FROM sqlite_schema")!;
        return application == 0 && version == 0 && tables == 0
            ? false
            : throw SqliteErrors.NotOurs(session.Path, "it is a SQLite database of another program");
    }

    /// <summary>Makes the tables where there are none; two processes that begin at once make them once.</summary>
    public static bool Ensure(SqliteSession session, long spanLeaves)
    {
        if (!Check(session))
        {
            session.Run(Tables);
            session.Run("INSERT INTO trail (one, span, log_tree, epoch, admin_tree) VALUES (1, $1, $2, 0, $2)", spanLeaves, TreeState.Empty.ToBytes());
        }

        return true;
    }
}
