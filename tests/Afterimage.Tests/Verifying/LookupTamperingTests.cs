namespace Afterimage.Tests.Verifying;

/// <summary>An insider leaves the entries alone and alters what they are found by, or what is shown beside them.</summary>
public sealed class LookupTamperingTests
{
    [Theory]
    [InlineData("UPDATE entry SET actor = (SELECT max(actor) FROM entry) WHERE no = (SELECT min(no) FROM entry WHERE actor < (SELECT max(actor) FROM entry))", "actor")]
    [InlineData("UPDATE entry SET time = time - 86400000 WHERE no = 40", "time")]
    [InlineData("UPDATE word SET text = 'mallory' WHERE text = 'alice'", "actor 'mallory'")]
    [InlineData("UPDATE word SET text = 'billing' WHERE text = 'orders-api'", "service 'billing'")]
    [InlineData("DELETE FROM entry WHERE no = 40", "no search finds it")]
    [InlineData("INSERT INTO entry (no, time, table_name, attributed) VALUES (1, 0, 1, 1)", "a search")]
    [InlineData("DELETE FROM lookup WHERE no = 40 AND length(place) > 0 AND key = (SELECT min(key) FROM lookup WHERE no = 40 AND length(place) > 0)", "is not found by its key")]
    [InlineData("DELETE FROM lookup WHERE no = 40 AND length(place) = 0", "is not found by its id")]
    [InlineData("INSERT INTO lookup (span, key, place, no) VALUES (0, 12345, x'', 40)", "found by what is not its own")]
    [InlineData("UPDATE rules SET text = replace(text, '/by', '/kind')", "rules that were not noted")]
    [InlineData("UPDATE block SET rules = 1", "rules that were not noted")]
    [InlineData("UPDATE shard SET last = '1' WHERE id = 'shardId-child'", "the last sequence number")]
    [InlineData("UPDATE shard SET entries = 1 WHERE id = 'shardId-child'", "of entries")]
    [InlineData("UPDATE gap SET reason = 'all is well'", "which is not what was noted")]
    [InlineData("UPDATE gap SET acknowledged = NULL, reason = NULL", "which is not what was noted")]
    [InlineData("DELETE FROM gap", "it is not listed as one")]
    public async Task What_entries_are_found_by_is_edited(string sql, string what)
    {
        await using var trail = await SealedTrail.FillAsync(7);
        trail.Alter(sql).ShouldBeGreaterThan(0);

        await trail.FoundAsync("DERIVED", what);
    }
}
