using System.Text;
using Afterimage.Proof;
using Afterimage.Tests.Support;

namespace Afterimage.Tests.Verifying;

/// <summary>What an insider with the file can do, and what verification says about it.</summary>
public sealed class TamperingTests : IAsyncLifetime
{
    private SealedTrail trail = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => trail = await SealedTrail.FillAsync(7);

    public ValueTask DisposeAsync() => trail.DisposeAsync();

    [Fact]
    public async Task A_newest_checkpoint_of_another_key()
    {
        using var other = new MemoryKey();
        var newest = trail.Witness.Held.Values.Last().Checkpoint;
        var forged = SignedCheckpoint.Of(newest, other.Verifier(SealedTrail.Name), await other.SignAsync(newest.ToText(), Ct));
        trail.Alter("UPDATE checkpoint SET note = $2 WHERE size = $1", newest.Size, forged.Note.ToArray());

        await FoundAsync("SIGNATURE", "is not signed by");
    }

    [Fact]
    public async Task A_restored_older_backup()
    {
        var backup = trail.BackUp();
        var size = trail.Witness.Held.Keys.Last();
        await trail.WorkAsync(async (kept, recorder) =>
        {
            await trail.KeepAsync(recorder, SealedTrail.Child, trail.Batch(3));
            await trail.SealAsync(kept);
        });
        trail.PutBack(backup);

        await FoundAsync("ROLLBACK", $"witness has size {trail.Witness.Held.Keys.Last()}, the log ends at {size}");
        var refused = await Should.ThrowAsync<AfterimageException>(() => trail.WorkAsync((kept, _) => trail.SealAsync(kept)));
        refused.Message.ShouldContain("an older state of the trail was put back");
        refused.Hint.ShouldContain("a new one");
    }

    [Fact]
    public async Task A_consistent_rewrite_without_the_key()
    {
        // The same records but for one, everything hashed and sealed anew, with a key of the insider's own and then with the old checkpoints.
        await using var rewritten = await SealedTrail.FillAsync(8);
        trail.PutBack(rewritten.BackUp());

        await FoundAsync("SIGNATURE", "is not signed by");
        await FoundAsync("FORK", "witness has another log at size");
        trail.Alter("DELETE FROM checkpoint");
        foreach (var (size, held) in trail.Witness.Held)
        {
            trail.Alter("INSERT INTO checkpoint (size, note) VALUES ($1, $2)", size, held.Note.ToArray());
        }

        await FoundAsync("FORK", "the trail has another log at size");
    }

    [Fact]
    public async Task A_head_that_is_another()
    {
        trail.Alter("UPDATE log SET text = CAST(replace(CAST(text AS TEXT), '\"size\":31', '\"size\":30') AS BLOB)").ShouldBeGreaterThan(0);

        await FoundAsync("FORK", "another log at size");
    }

    [Fact]
    public async Task Heads_that_do_not_rise()
    {
        var place = (long)trail.Ask("SELECT max(place) FROM log WHERE shard IN (SELECT no FROM shard WHERE id = 'shardId-child')")!;
        trail.Alter("UPDATE log SET text = (SELECT text FROM log WHERE shard IN (SELECT no FROM shard WHERE id = 'shardId-child') ORDER BY place LIMIT 1) WHERE place = $1", place);

        await FoundAsync("HEAD ORDER", "has size 26 and then size 26");
    }

    [Fact]
    public async Task A_head_that_the_trail_finds_by_another_shard()
    {
        trail.Alter("UPDATE log SET shard = 0 WHERE place = (SELECT min(place) FROM log WHERE shard IN (SELECT no FROM shard WHERE id = 'shardId-child'))");

        await FoundAsync("HEAD ORDER", "the trail finds it by '_admin'");
    }

    [Fact]
    public async Task A_leaf_that_is_edited()
    {
        AlterText(40, text => text.Replace("\"t\":\"entry\"", "\"t\":\"entrx\"", StringComparison.Ordinal));

        await FoundAsync("SHARD ALTERED", $"{SealedTrail.Parent}, first difference at one of the entries 31 to 122");
    }

    [Fact]
    public async Task An_action_that_is_edited()
    {
        AlterText(40, text => text.Replace("MODIFY", "INSERT", StringComparison.Ordinal).Replace("REMOVE", "INSERT", StringComparison.Ordinal).Replace("\"at\":", "\"at\":1", StringComparison.Ordinal));

        await FoundAsync("SHARD ALTERED", "first difference");
    }

    [Fact]
    public async Task A_shard_whose_tail_is_cut()
    {
        var (no, _) = trail.Find(SealedTrail.Child, 30);
        trail.Alter("DELETE FROM block WHERE no = $1", no);

        await FoundAsync("TRUNCATED", $"{SealedTrail.Child}: 26 of 37");
    }

    [Fact]
    public async Task A_tail_that_is_cut_with_all_that_points_to_it()
    {
        var (no, _) = trail.Find(SealedTrail.Child, 30);
        var tree = (byte[])trail.Ask("SELECT d.tree FROM shard AS s JOIN sealed AS d ON d.shard = s.no WHERE s.id = 'shardId-child'")!;
        trail.Alter("DELETE FROM block WHERE no = $1", no);
        trail.Alter("DELETE FROM entry WHERE no >= $1", no);
        trail.Alter("DELETE FROM lookup WHERE no >= $1", no);
        trail.Alter("DELETE FROM gap");
        trail.Alter("UPDATE shard SET size = 26, entries = 25, tree = $1 WHERE id = 'shardId-child'", tree);

        await FoundAsync("TRUNCATED", $"{SealedTrail.Child}: 26 of 37");
    }

    [Fact]
    public async Task A_shard_that_is_dropped()
    {
        trail.Alter("DELETE FROM block WHERE shard = (SELECT no FROM shard WHERE id = 'shardId-child')");
        trail.Alter("DELETE FROM shard WHERE id = 'shardId-child'");

        await FoundAsync("TRUNCATED", $"{SealedTrail.Child}: 0 of 37");
    }

    [Fact]
    public async Task A_shard_under_another_name()
    {
        trail.Alter("UPDATE shard SET id = 'shardId-other' WHERE id = 'shardId-child'");

        await FoundAsync("LINEAGE", $"shardId-other opens as shard '{SealedTrail.Child}'");
    }

    [Fact]
    public async Task A_parent_that_is_another()
    {
        AlterText(0, text => text.Replace("\"size\":123", "\"size\":122", StringComparison.Ordinal), SealedTrail.Child);

        await FoundAsync("LINEAGE", $"continues {SealedTrail.Parent} with 122 leaves");
    }

    [Fact]
    public async Task Entries_that_change_places()
    {
        var (no, offset) = trail.Find(SealedTrail.Parent, 60);
        trail.AlterBlock(no, (texts, bodies) =>
        {
            (texts[offset], texts[offset + 1]) = (texts[offset + 1], texts[offset]);
            (bodies[offset], bodies[offset + 1]) = (bodies[offset + 1], bodies[offset]);
        });

        await FoundAsync("SEQUENCE", "the leaf in place 60 says that it is of 61");
    }

    [Fact]
    public async Task An_entry_that_is_put_in()
    {
        var (no, offset) = trail.Find(SealedTrail.Parent, 60);
        trail.AlterBlock(no, (texts, bodies) =>
        {
            texts.Insert(offset, texts[offset]);
            bodies.Insert(offset, bodies[offset]);
        });

        await FoundAsync("SEQUENCE", "after");
    }

    [Fact]
    public async Task A_value_that_is_edited()
    {
        AlterBody(50, body => Replace(body, "NEW_AND_OLD_IMAGES", "NEW_AND_OLD_IMAGEZ"));

        await FoundAsync("ITEM", "its values are not those that were hashed");
    }

    [Fact]
    public async Task A_body_that_is_deleted()
    {
        AlterBody(50, _ => []);

        await FoundAsync("MISSING, NOT ERASED", "nothing of its entry");
    }

    [Fact]
    public async Task What_nobody_could_read_is_edited()
    {
        AlterBody(31, body => Replace(body, Convert.ToBase64String("rubbish"u8), Convert.ToBase64String("rubbisj"u8)));

        await FoundAsync("ITEM", "the record's bytes are not those that were hashed");
    }

    [Fact]
    public async Task What_was_done_to_the_trail_is_edited()
    {
        trail.Alter("UPDATE admin SET text = CAST(replace(CAST(text AS TEXT), 'the worker was down', 'the worker was fine') AS BLOB)").ShouldBeGreaterThan(0);

        await FoundAsync("SHARD ALTERED", "_admin");
    }

    [Fact]
    public async Task Seals_whose_dates_do_not_rise()
    {
        trail.Alter("UPDATE log SET text = CAST(replace(CAST(text AS TEXT), '2026-11-21T20', '2026-11-21T19') AS BLOB) WHERE place = (SELECT max(place) FROM log)").ShouldBe(1);

        await FoundAsync("TIME", "is followed by seal 3");
    }

    [Fact]
    public async Task An_entry_that_is_dated_back_before_it_is_sealed()
    {
        await trail.WorkAsync(async (kept, recorder) =>
        {
            var now = trail.Time.Now;
            trail.Time.Now = now.AddDays(-3);
            var batch = trail.Batch(1);
            trail.Time.Now = now;
            await trail.KeepAsync(recorder, SealedTrail.Child, batch);
            await trail.SealAsync(kept);
        });

        await FoundAsync("BACKDATED", "a stream holds a day");
    }

    [Fact]
    public async Task An_entry_that_is_dated_forward()
    {
        await trail.WorkAsync(async (kept, recorder) =>
        {
            var now = trail.Time.Now;
            trail.Time.Now = now.AddHours(3);
            var batch = trail.Batch(1);
            trail.Time.Now = now;
            await trail.KeepAsync(recorder, SealedTrail.Child, batch);
            await trail.SealAsync(kept);
        });

        await FoundAsync("BACKDATED", "sealed before");
    }

    [Fact]
    public async Task A_row_that_cannot_be_read_at_all()
    {
        trail.Alter("UPDATE shard SET tree = x'00' WHERE id = 'shardId-child'");

        await FoundAsync("SHARD ALTERED", "cannot be read");
    }

    [Theory]
    [InlineData("texts_length", -1)]
    [InlineData("bodies_length", -1)]
    [InlineData("bodies_length", 2_000_000_000)]
    [InlineData("bodies_length", 1)]
    public async Task A_block_that_says_it_is_of_another_length(string column, long length)
    {
        trail.Alter($"UPDATE block SET {column} = {length} WHERE no = (SELECT max(no) FROM block)").ShouldBe(1);

        await FoundAsync("SHARD ALTERED", "expand");
    }

    private Task FoundAsync(string check, string what) => trail.FoundAsync(check, what);

    private void AlterText(long place, Func<string, string> alter, string shard = SealedTrail.Parent)
    {
        var (no, offset) = trail.Find(shard, place);
        trail.AlterBlock(no, (texts, _) =>
        {
            var before = Encoding.UTF8.GetString(texts[offset]);
            texts[offset] = Encoding.UTF8.GetBytes(alter(before));
            Encoding.UTF8.GetString(texts[offset]).ShouldNotBe(before);
        });
    }

    private void AlterBody(long place, Func<byte[], byte[]> alter)
    {
        var (no, offset) = trail.Find(SealedTrail.Parent, place);
        trail.AlterBlock(no, (_, bodies) => bodies[offset] = alter(bodies[offset]));
    }

    private static byte[] Replace(byte[] body, string old, string @new)
    {
        var at = body.AsSpan().IndexOf(Encoding.UTF8.GetBytes(old));
        at.ShouldBeGreaterThan(0);
        Encoding.UTF8.GetBytes(@new).CopyTo(body, at);
        return body;
    }
}
