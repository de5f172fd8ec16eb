using Afterimage.Capture;
using Afterimage.Entries;
using Afterimage.Streams.Leases;
using Afterimage.Streams.Reading;
using Afterimage.Tests.Contracts;
using Afterimage.Tests.Support;
using Afterimage.Trail;
using Afterimage.Trail.Sqlite;

namespace Afterimage.Tests.Trail.Sqlite;

/// <summary>The leases of a trail in SQLite.</summary>
public sealed class SqliteLeaseTests : LeaseContract, IAsyncLifetime
{
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("afterimage-");
    private ITrail trail = null!;
    private Recorder recorder = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    protected override ILeaseStore Store => trail.Leases;

    protected override IShardJournal Journal => recorder;

    public async ValueTask InitializeAsync()
    {
        trail = await OpenAsync();
        recorder = new Recorder(trail, _ => TableRules.None, new Progress<KeptBatch>(), SeededSecrets.From(1));
    }

    [Fact]
    public async Task What_a_worker_held_that_died_is_free_with_the_next_beat()
    {
        var (dead, living) = (new WorkerId("worker-1"), new WorkerId("worker-2"));
        await using (var other = await OpenAsync())
        {
            await other.Leases.BeatAsync(dead, Ct);
            await other.Leases.TakeAsync(dead, [new LeaseWish(FakeStream.Arn, new("shard"), null, 0)], Ct);
            (await Store.BeatAsync(living, Ct)).Leases.Single().Owner.ShouldBe(dead);
        }

        // Closed without a word: its lock is gone, its row is not.
        var table = await Store.BeatAsync(living, Ct);

        table.Beats.Keys.ShouldBe([living]);
        table.Leases.Single().Owner.ShouldBeNull();
        directory.EnumerateFiles("*-worker-1").ShouldBeEmpty();
    }

    [Fact]
    public async Task A_worker_that_was_forgotten_while_it_was_paused_is_seen_alive_again()
    {
        var (paused, living) = (new WorkerId("worker-1"), new WorkerId("worker-2"));
        await using var other = await OpenAsync();
        await other.Leases.BeatAsync(paused, Ct);

        await Store.LeaveAsync(paused, Ct);
        await other.Leases.BeatAsync(paused, Ct);

        (await Store.BeatAsync(living, Ct)).Beats.Keys.ShouldBe([paused, living], ignoreOrder: true);
    }

    [Fact]
    public async Task A_worker_that_leaves_takes_its_file_along()
    {
        await Store.BeatAsync(new WorkerId("worker-1"), Ct);
        directory.EnumerateFiles("*-worker-1").ShouldHaveSingleItem();

        await Store.LeaveAsync(new WorkerId("worker-1"), Ct);

        directory.EnumerateFiles("*-worker-1").ShouldBeEmpty();
    }

    public async ValueTask DisposeAsync()
    {
        recorder.Dispose();
        await trail.DisposeAsync();
        directory.Delete(recursive: true);
    }

    private async Task<ITrail> OpenAsync() => await SqliteTrail.OpenAsync("sqlite:trail.db", Path.Combine(directory.FullName, "trail.db"), OpenMode.CreateOrWrite, Ct);
}
