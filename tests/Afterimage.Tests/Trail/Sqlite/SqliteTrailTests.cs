using Afterimage.Entries;
using Afterimage.Tests.Contracts;
using Afterimage.Trail;
using Afterimage.Trail.Sqlite;

namespace Afterimage.Tests.Trail.Sqlite;

public sealed class SqliteTrailTests : TrailContract
{
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("afterimage-");

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        directory.Delete(recursive: true);
    }

    [Fact]
    public async Task Entries_that_were_kept_before_their_table_was_noted_are_found_once_it_is()
    {
        var stream = Shop.StreamOf("Carts", "2026-11-20T00:00:00.000");
        await KeepAsync(Shop.Append(stream, Shop.Unread(Shop.Shard), [.. Enumerable.Range(1, 1_100).Select(n => Shop.Entry($"{n}", stream: stream))]));
        await Trail.KeepTableAsync(Shop.Orders with { Name = "Carts", Stream = stream }, Ct);

        var item = await Trail.HistoryAsync(new HistoryFilter("Carts", Shop.Keys("u1", "o1"), Reverse: false, Since: null), Ct).ToListAsync(Ct);
        var partition = await Trail.HistoryAsync(new HistoryFilter("Carts", new([new("UserId", AttributeValue.String("u1"))]), Reverse: false, Since: null), Ct).ToListAsync(Ct);

        item.Count.ShouldBe(1_100);
        partition.Count.ShouldBe(1_100);
    }

    protected override async Task<ITrail> OpenAsync(OpenMode mode) =>
        await SqliteTrail.OpenAsync("sqlite:trail.db", Path.Combine(directory.FullName, "trail.db"), mode, Ct);
}
