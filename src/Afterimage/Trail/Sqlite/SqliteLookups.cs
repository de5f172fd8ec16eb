using Afterimage.Entries;

namespace Afterimage.Trail.Sqlite;

/// <summary>
/// Finds entries by what is looked up. The numbers of entries are cut into spans, and each span has an index of its own within the one table: keys
/// come in random order, so that an index over all of them would touch a page of the disk for nearly every entry once it is larger than
/// memory, and one over a span never does. To look something up is to ask every span.
/// </summary>
internal sealed class SqliteLookups(SqliteSession session)
{
    private readonly long leavesPerSpan = (long)session.Scalar("SELECT span FROM trail")!;
    private readonly SqliteStatement add = session.Statement("INSERT INTO lookup (span, key, place, no) VALUES (?, ?, ?, ?)");
    private readonly SqliteStatement any = session.Statement("SELECT 1 FROM lookup WHERE span = ? AND key = ?");

    /// <summary>How many spans there are.</summary>
    public long Spans => ((SqliteBlocks.Next(session) - 1) / leavesPerSpan) + 1;

    /// <summary>Notes what an entry is found by.</summary>
    public void Add(Lookup lookup) => add.Bind(lookup.No / leavesPerSpan).Bind(lookup.Key).Bind(lookup.Place).Bind(lookup.No).Run();

    /// <summary>An entry of this id in the span of this number; null if there is none.</summary>
    /// <remarks>Whether an entry is a repeat is for whoever appends to know. This catches the repeat of a recent one at the price of a look at a page in memory.</remarks>
    public AuditEntry? FindNear(long no, EntryId id)
    {
        var span = no / leavesPerSpan;
        return any.Bind(span).Bind(LookupKey.Of(id)).Run() ? Find(span, id) : null;
    }

    /// <summary>The entry of this id; null if there is none.</summary>
    public AuditEntry? Find(EntryId id)
    {
        for (var span = Spans - 1; span >= 0; span--)
        {
            if (Find(span, id) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    private AuditEntry? Find(long span, EntryId id)
    {
        var reader = new SqliteReader(session);
        return session.Rows(row => row.GetInt64(0), "SELECT no FROM lookup WHERE span = $1 AND key = $2", span, LookupKey.Of(id))
            .Select(reader.Read)
            .FirstOrDefault(entry => entry.Id == id);
    }
}

/// <summary>What an entry is found by.</summary>
/// <param name="No">The entry's number.</param>
/// <param name="Key">The hash of an id or a key.</param>
/// <param name="Place">Where it stands among those that are found by the same; empty for ids.</param>
/// <param name="Id">The id, where it is that.</param>
internal readonly record struct Lookup(long No, long Key, byte[] Place, EntryId? Id);
