namespace Afterimage.Trail.Sqlite;

/// <summary>What the entries of a block should be found by.</summary>
internal static class SqliteExpectedLookups
{
    /// <summary>What they should be found by.</summary>
    /// <param name="run">The block.</param>
    /// <param name="expected">What its leaves stand for.</param>
    /// <param name="partitionKey">The table's partition key, where it is known; else entries are found by either attribute of their keys.</param>
    public static List<Lookup> Of(SqliteRun run, IReadOnlyList<CommittedEntry?> expected, string? partitionKey)
    {
        var lookups = new List<Lookup>(expected.Count * 3);
        var lookupKey = new LookupKey(run.Shard.Stream);
        Span<long> keys = stackalloc long[LookupKey.KeysMax];
        for (var at = 0; at < expected.Count; at++)
        {
            if (expected[at] is not { } entry)
            {
                continue;
            }

            var no = run.No + at;
            lookups.Add(new Lookup(no, LookupKey.Of(entry.Id), SequenceKey.None, entry.Id));
            var place = entry.SequenceNumber is { } number ? SequenceKey.Of(number) : SequenceKey.None;
            foreach (var key in keys[..lookupKey.Read(entry.Keys.Span, partitionKey, keys)])
            {
                lookups.Add(new Lookup(no, key, place, null));
            }
        }

        return lookups;
    }
}
