using System.Text;
using Afterimage.Proof;
using Afterimage.Tests.Contracts;

namespace Afterimage.Tests.Trail.Sqlite;

public sealed class SaltKeyTests : SqliteFiles
{
    private static readonly byte[] Key = [.. Enumerable.Range(1, ShardSalts.KeySize).Select(value => (byte)(200 - value))];

    [Fact]
    public async Task The_first_key_of_a_shard_stays_whoever_proposes_another()
    {
        await using var trail = await OpenAsync();
        await using var other = await OpenAsync();

        (await trail.SaltKeyAsync(Shop.Stream, Shop.Shard, Key, Ct)).ToArray().ShouldBe(Key);
        (await other.SaltKeyAsync(Shop.Stream, Shop.Shard, new byte[ShardSalts.KeySize], Ct)).ToArray().ShouldBe(Key);
    }

    [Fact]
    public async Task Keys_lie_in_a_file_of_their_own_that_only_its_owner_may_read()
    {
        await using (var trail = await OpenAsync())
        {
            await trail.SaltKeyAsync(Shop.Stream, Shop.Shard, Key, Ct);
            await trail.AppendAsync(Shop.Append(Shop.Unread(Shop.Shard), Shop.Entry("1")), Ct);
        }

        Holds(TrailPath).ShouldBeFalse();
        Holds($"{TrailPath}-keys").ShouldBeTrue();
        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode($"{TrailPath}-keys").ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    [Fact]
    public async Task The_key_of_a_shard_that_ended_long_ago_is_destroyed_and_no_other()
    {
        await using var trail = await OpenAsync();
        var (ended, open) = (Shop.Append(Shop.Unread(Shop.Shard), Shop.Entry("1")), Shop.Append(Shop.Unread(new("shardId-open")), Shop.Entry("2")));
        await trail.AppendAsync(ended with { After = ended.After with { Finished = true } }, Ct);
        await trail.AppendAsync(open, Ct);
        foreach (var append in new[] { ended, open })
        {
            await trail.SaltKeyAsync(Shop.Stream, append.Before.Shard, Key, Ct);
        }

        await trail.ForgetSaltKeysAsync(Shop.Noon, Ct);
        Sql($"{TrailPath}-keys", "SELECT count(*) FROM salt_key").ShouldBe(2L);

        await trail.ForgetSaltKeysAsync(Shop.Noon.AddSeconds(1), Ct);
        Sql($"{TrailPath}-keys", "SELECT shard FROM salt_key").ShouldBe("shardId-open");
    }

    [Fact]
    public async Task A_destroyed_key_is_nowhere_in_the_file_or_its_log()
    {
        await using var trail = await OpenAsync();
        var append = Shop.Append(Shop.Unread(Shop.Shard), Shop.Entry("1"));
        await trail.AppendAsync(append with { After = append.After with { Finished = true } }, Ct);
        await trail.SaltKeyAsync(Shop.Stream, Shop.Shard, Key, Ct);

        await trail.ForgetSaltKeysAsync(Shop.Noon.AddDays(1), Ct);

        Holds($"{TrailPath}-keys").ShouldBeFalse();
        Holds($"{TrailPath}-keys-wal").ShouldBeFalse();
    }

    [Fact]
    public async Task A_trail_keeps_its_first_name()
    {
        await using var trail = await OpenAsync();
        await using var other = await OpenAsync();

        (await trail.NameAsync("first", Ct)).ShouldBe("first");
        (await other.NameAsync("second", Ct)).ShouldBe("first");
    }

    // Latin-1 keeps every byte what it is.
    private static bool Holds(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file, Encoding.Latin1);
        return reader.ReadToEnd().Contains(Encoding.Latin1.GetString(Key), StringComparison.Ordinal);
    }
}
