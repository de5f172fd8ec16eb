using Afterimage.Tests.Contracts;
using Afterimage.Trail;
using Afterimage.Trail.Sqlite;

namespace Afterimage.Tests.Trail.Sqlite;

public sealed class OpeningTests : SqliteFiles
{
    [Theory]
    [InlineData(OpenMode.ReadOnly)]
    [InlineData(OpenMode.CreateOrWrite)]
    public async Task A_database_of_another_program_is_refused_and_left_as_it_is(OpenMode mode)
    {
        Sql(TrailPath, "CREATE TABLE theirs (x); INSERT INTO theirs VALUES (1)");
        var before = await File.ReadAllBytesAsync(TrailPath, Ct);

        var error = await RefusedAsync(mode);

        error.Message.ShouldContain(TrailPath);
        error.Hint.ShouldContain("--trail");
        (await File.ReadAllBytesAsync(TrailPath, Ct)).ShouldBe(before);
    }

    [Theory]
    [InlineData("PRAGMA application_id = 77")]
    [InlineData("PRAGMA user_version = 1")]
    [InlineData("PRAGMA journal_mode = WAL; CREATE TABLE theirs (x)")]
    public async Task Any_mark_of_another_program_is_enough(string mark)
    {
        Sql(TrailPath, mark);
        var before = await File.ReadAllBytesAsync(TrailPath, Ct);

        (await RefusedAsync(OpenMode.CreateOrWrite)).Message.ShouldContain("another program");

        (await File.ReadAllBytesAsync(TrailPath, Ct)).ShouldBe(before);
    }

    [Theory]
    [InlineData(OpenMode.ReadOnly)]
    [InlineData(OpenMode.CreateOrWrite)]
    public async Task A_file_that_is_no_database_is_refused_and_left_as_it_is(OpenMode mode)
    {
        var text = string.Concat(Enumerable.Repeat("Dear diary, today nothing changed.\n", 100));
        await File.WriteAllTextAsync(TrailPath, text, Ct);

        (await RefusedAsync(mode)).Message.ShouldContain("not a SQLite database");

        (await File.ReadAllTextAsync(TrailPath, Ct)).ShouldBe(text);
    }

    [Theory]
    [InlineData(OpenMode.ReadOnly)]
    [InlineData(OpenMode.CreateOrWrite)]
    public async Task A_trail_of_a_newer_version_is_refused_with_the_hint_to_upgrade(OpenMode mode)
    {
        await (await OpenAsync()).DisposeAsync();
        Sql(TrailPath, $"PRAGMA user_version = {SqliteSchema.Version + 1}");

        (await RefusedAsync(mode)).Hint.ShouldContain("Upgrade");
    }

    [Fact]
    public async Task A_question_to_a_trail_that_does_not_exist_says_which_and_makes_none()
    {
        var error = await RefusedAsync(OpenMode.ReadOnly);

        error.Message.ShouldContain(TrailPath);
        error.Hint.ShouldContain("--trail");
        error.Hint.ShouldContain("afterimage run");
        File.Exists(TrailPath).ShouldBeFalse();
    }

    [Fact]
    public async Task A_file_that_a_crash_left_empty_is_no_trail_yet_and_becomes_one()
    {
        await File.WriteAllBytesAsync(TrailPath, [], Ct);
        (await RefusedAsync(OpenMode.ReadOnly)).Hint.ShouldContain("afterimage run");

        await using var trail = await OpenAsync();

        (await trail.SizeAsync(Ct)).Entries.ShouldBe(0);
    }

    [Fact]
    public async Task A_trail_cannot_be_made_where_there_is_no_directory()
    {
        var error = await RefusedAsync(OpenMode.CreateOrWrite, PathOf("nowhere/trail.db"));

        error.Message.ShouldContain(PathOf("nowhere"));
        error.Hint.ShouldContain("mkdir");
        Directory.Exists(PathOf("nowhere")).ShouldBeFalse();
    }

    [Fact]
    public async Task A_directory_is_not_a_trail() =>
        (await RefusedAsync(OpenMode.CreateOrWrite, Path.GetDirectoryName(TrailPath))).Message.ShouldContain("is a directory");

    [Fact]
    public async Task An_address_without_a_file_is_refused() =>
        (await Should.ThrowAsync<UsageException>(() => Trails.OpenFileAsync("sqlite:", OpenMode.CreateOrWrite, Ct))).Problems.Single().Hint.ShouldContain("sqlite:PATH");

    [Fact]
    public async Task A_directory_that_takes_no_files_is_named_with_the_reason()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Nobody, not even root, can make a file in /proc.");

        (await RefusedAsync(OpenMode.CreateOrWrite, "/proc/trail.db")).Message.ShouldContain("/proc/trail.db cannot be made");
    }

    [Fact]
    public async Task Nobody_but_its_owner_may_read_a_trail_or_its_side_files()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no file modes.");
            return;
        }

        await using var trail = await OpenAsync();
        await trail.AppendAsync(Shop.Append(Shop.Unread(Shop.Shard), Shop.Entry("1")), Ct);

        foreach (var file in (string[])[TrailPath, $"{TrailPath}-wal", $"{TrailPath}-shm"])
        {
            File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite, file);
        }
    }

    [Fact]
    public async Task A_trail_has_a_write_ahead_log_and_our_mark()
    {
        await (await OpenAsync()).DisposeAsync();

        Sql(TrailPath, "PRAGMA journal_mode").ShouldBe("wal");
        Sql(TrailPath, "PRAGMA user_version").ShouldBe(SqliteSchema.Version);
        Sql(TrailPath, "PRAGMA application_id").ShouldBe(0x4166696DL);
    }

    [Fact]
    public async Task A_closed_trail_lets_go_of_its_file_and_leaves_no_side_files()
    {
        var trail = await OpenAsync();
        await trail.AppendAsync(Shop.Append(Shop.Unread(Shop.Shard), Shop.Entry("1")), Ct);
        await trail.FindAsync(Shop.Entry("1").Id, Ct);
        await trail.DisposeAsync();

        Directory.GetFiles(Path.GetDirectoryName(TrailPath)!).ShouldBe([TrailPath]);
    }

    [Fact]
    public async Task A_question_does_not_change_the_file()
    {
        await (await OpenAsync()).DisposeAsync();
        var before = await File.ReadAllBytesAsync(TrailPath, Ct);

        await using (var trail = await OpenAsync(OpenMode.ReadOnly))
        {
            (await trail.ShardsAsync(null, Ct)).ShouldBeEmpty();
        }

        (await File.ReadAllBytesAsync(TrailPath, Ct)).ShouldBe(before);
    }

    [Fact]
    public async Task Trails_that_are_made_at_once_in_one_place_are_one()
    {
        var trails = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => OpenAsync()));
        await trails[0].KeepTableAsync(Shop.Orders, Ct);

        foreach (var trail in trails)
        {
            (await trail.TablesAsync(Ct)).ShouldBe([Shop.Orders]);
            await trail.DisposeAsync();
        }
    }

    [Theory]
    [InlineData("nfs", true)]
    [InlineData("nfs4", true)]
    [InlineData("cifs", true)]
    [InlineData("SMB3", true)]
    [InlineData("fuse.sshfs", true)]
    [InlineData("9p", true)]
    [InlineData("ceph", true)]
    [InlineData("ext4", false)]
    [InlineData("xfs", false)]
    [InlineData("overlay", false)]
    [InlineData("tmpfs", false)]
    [InlineData("apfs", false)]
    [InlineData("NTFS", false)]
    [InlineData("fuseblk", false)]
    public void A_file_system_of_another_machine_is_known_by_its_name(string format, bool network) => SqliteFile.IsNetwork(format).ShouldBe(network);
}
