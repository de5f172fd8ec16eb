namespace Afterimage.Trail.Sqlite;

/// <summary>The words that entries are searched by, each kept once. Of one connection that writes.</summary>
internal sealed class SqliteWords
{
    private const int RememberedMax = 20_000;

    private readonly Dictionary<string, long> remembered = new(StringComparer.Ordinal);

    /// <summary>The number of a word, which gets one if it is new.</summary>
    public long? Of(SqliteSession session, string? word)
    {
        if (word is null)
        {
            return null;
        }

        if (remembered.TryGetValue(word, out var known))
        {
            return known;
        }

        if (remembered.Count == RememberedMax)
        {
            remembered.Clear();
        }

        var number = Find(session, word) ?? (long)session.Scalar("INSERT INTO word (text) VALUES ($1) RETURNING no", word)!;
        remembered.Add(word, number);
        return number;
    }

    /// <summary>Forgets what may have been called off with a transaction.</summary>
    public void Clear() => remembered.Clear();

    /// <summary>The number of a word; null if no entry ever had it.</summary>
    public static long? Find(SqliteSession session, string word) => (long?)session.Scalar("SELECT no FROM word WHERE text = $1", word);
}
