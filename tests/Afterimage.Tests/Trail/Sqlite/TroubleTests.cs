using Afterimage.Tests.Contracts;
using Afterimage.Trail;
using Afterimage.Trail.Sqlite;
using Microsoft.Data.Sqlite;

namespace Afterimage.Tests.Trail.Sqlite;

public sealed class TroubleTests : SqliteFiles
{
    [Fact]
    public async Task A_full_disk_loses_nothing_and_the_same_append_succeeds_once_there_is_space()
    {
        await using var trail = await OpenAsync();
        await trail.KeepTableAsync(Shop.Orders, Ct);
        var first = Shop.Append(Shop.Unread(Shop.Shard), Shop.Series(1, 10));
        await trail.AppendAsync(first, Ct);
        var second = Shop.Append(first.After, Shop.Series(11, 500));
        await trail.LimitPagesAsync((long)Sql(TrailPath, "PRAGMA page_count")! + 4, Ct);

        var error = await Should.ThrowAsync<AfterimageException>(() => trail.AppendAsync(second, Ct));

        error.Message.ShouldContain("full");
        error.Hint.ShouldContain("Free space");
        await HoldsAsync(trail, 10);
        (await trail.ShardsAsync(null, Ct)).Single().Progress.ShouldBe(first.After);

        await trail.LimitPagesAsync(100_000, Ct);
        (await trail.AppendAsync(second, Ct)).ShouldBe(AppendOutcome.Kept);
        await HoldsAsync(trail, 510);
    }

    [Fact]
    public async Task A_trail_locked_by_another_program_is_an_error_and_works_again_once_it_is_free()
    {
        await using var trail = await SqliteTrail.OpenAsync("sqlite:trail.db", TrailPath, OpenMode.CreateOrWrite, new SqliteTuning { LockAttempts = 1 }, Ct);
        var append = Shop.Append(Shop.Unread(Shop.Shard), Shop.Entry("1"));
        using (var other = Connect(TrailPath))
        {
            Sql(other, "BEGIN IMMEDIATE");

            var error = await Should.ThrowAsync<AfterimageException>(() => trail.AppendAsync(append, Ct));

            error.Message.ShouldContain("locked");
            await HoldsAsync(trail, 0);
        }

        (await trail.AppendAsync(append, Ct)).ShouldBe(AppendOutcome.Kept);
    }

    [Theory]
    [InlineData("deleted")]
    [InlineData("moved")]
    [InlineData("replaced")]
    [InlineData("log deleted")]
    public async Task Nothing_is_acknowledged_that_went_into_a_file_that_nobody_will_find(string what)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows does not let go of the name of an open file.");
        await using var trail = await OpenAsync();
        var first = Shop.Append(Shop.Unread(Shop.Shard), Shop.Entry("1"));
        await trail.AppendAsync(first, Ct);
        await (await SqliteTrail.OpenAsync("sqlite:trail.db", PathOf("other.db"), OpenMode.CreateOrWrite, Ct)).DisposeAsync();
        switch (what)
        {
            case "deleted":
                File.Delete(TrailPath);
                break;
            case "moved":
                File.Move(TrailPath, PathOf("elsewhere.db"));
                break;
            case "replaced":
                File.Move(PathOf("other.db"), TrailPath, overwrite: true);
                break;
            default:
                File.Delete($"{TrailPath}-wal");
                break;
        }

        for (var attempt = 0; attempt < 2; attempt++)
        {
            var error = await Should.ThrowAsync<AfterimageException>(() => trail.AppendAsync(Shop.Append(first.After, Shop.Entry("2")), Ct));
            error.Message.ShouldContain("moved, deleted or replaced");
        }
    }

    [Fact]
    public async Task A_question_to_a_file_that_was_replaced_is_not_answered_from_the_old_one()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows does not let go of the name of an open file.");
        await using var trail = await OpenAsync();
        await HoldsAsync(trail, 0);
        File.Delete(TrailPath);

        await Should.ThrowAsync<AfterimageException>(() => trail.ShardsAsync(null, Ct));
    }

    [Fact]
    public async Task A_link_to_a_trail_is_as_good_as_its_name()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a right there that tests do not have.");
        await (await OpenAsync()).DisposeAsync();
        File.CreateSymbolicLink(PathOf("link.db"), TrailPath);

        await using var trail = await SqliteTrail.OpenAsync("sqlite:trail.db", PathOf("link.db"), OpenMode.CreateOrWrite, Ct);

        (await trail.AppendAsync(Shop.Append(Shop.Unread(Shop.Shard), Shop.Entry("1")), Ct)).ShouldBe(AppendOutcome.Kept);
    }

    [Fact]
    public async Task A_long_answer_does_not_keep_the_log_from_being_emptied()
    {
        await using var trail = await OpenAsync();
        await trail.KeepTableAsync(Shop.Orders, Ct);
        var append = Shop.Append(Shop.Unread(Shop.Shard), Shop.Series(1, 1_000));
        await trail.AppendAsync(append, Ct);
        IAsyncEnumerable<object>[] answers =
        [
            trail.HistoryAsync(new HistoryFilter("Orders", Shop.Keys("u1", "o1"), false, null), Ct),
            trail.SearchAsync(new SearchFilter(), Ct),
            trail.ShardEntriesAsync(Shop.Stream, Shop.Shard, 0, Ct),
        ];
        foreach (var answer in answers)
        {
            await using var reading = answer.GetAsyncEnumerator(Ct);
            (await reading.MoveNextAsync()).ShouldBeTrue();

            // The first column says whether somebody was in the way.
            Sql(TrailPath, "PRAGMA wal_checkpoint(TRUNCATE)").ShouldBe(0L);
            new FileInfo($"{TrailPath}-wal").Length.ShouldBe(0);
            (await reading.MoveNextAsync()).ShouldBeTrue();
        }
    }

    [Fact]
    public async Task The_size_is_that_of_all_files()
    {
        await using var trail = await OpenAsync();
        await trail.AppendAsync(Shop.Append(Shop.Unread(Shop.Shard), Shop.Series(1, 100)), Ct);

        (await trail.SizeAsync(Ct)).ShouldBe(new TrailSize(100, Directory.GetFiles(Path.GetDirectoryName(TrailPath)!).Sum(file => new FileInfo(file).Length)));
    }

    [Theory]
    [InlineData(8, "may not be written")]
    [InlineData(10, "cannot be read or written")]
    [InlineData(11, "damaged")]
    [InlineData(13, "full")]
    [InlineData(14, "cannot be opened")]
    public void Each_trouble_of_the_disk_is_told_with_what_to_do(int code, string told)
    {
        var cause = new SqliteException("cause", code);

        var error = SqliteErrors.Explain(cause, "/data/trail.db").ShouldBeOfType<AfterimageException>();

        error.Message.ShouldContain(told);
        error.Message.ShouldContain("/data/trail.db");
        error.Hint.ShouldNotBeEmpty();
        error.InnerException.ShouldBe(cause);
    }

    [Fact]
    public void A_fault_of_this_program_is_not_put_on_the_operator() =>
        SqliteErrors.Explain(new SqliteException("no such table", 1), "/data/trail.db").ShouldBeOfType<InvalidOperationException>();

    private static async Task HoldsAsync(SqliteTrail trail, int count)
    {
        (await trail.SizeAsync(Ct)).Entries.ShouldBe(count);
        (await trail.SearchAsync(new SearchFilter(), Ct).CountAsync(Ct)).ShouldBe(count);
    }
}
