using Afterimage.Entries;
using Afterimage.Query;

namespace Afterimage.Tests.Contracts;

public abstract partial class TrailContract
{
    [Fact]
    public async Task The_share_of_changes_without_an_actor_is_counted_by_service_in_the_table_and_time_that_are_asked_for()
    {
        await KeepAsync(
            By(1, Actor.Unknown),
            By(2, new Actor(ActorSource.Stamp, "alice", "orders-api")),
            By(3, new Actor(ActorSource.Stamp, Service: "importer")),
            By(4, new Actor(ActorSource.Stamp, Service: "importer")) with { Kind = EntryKind.Mark },
            By(5, new Actor(ActorSource.DeleteMark, Service: "importer")),
            By(6, Actor.Unknown),
            By(7, new Actor(ActorSource.TimeToLive, "dynamodb.amazonaws.com")),
            By(8, Actor.Replication));

        var share = await ActorShare.OfAsync(Trail, "Orders", Shop.Noon.AddSeconds(2), 100, Ct);
        var cut = await ActorShare.OfAsync(Trail, "Orders", Shop.Noon, 3, Ct);

        (share.Since, share.IsWhole, share.Changes, share.HasWriters, share.WithoutActor).ShouldBe((Shop.Noon.AddSeconds(2), true, 6, true, 3));
        share.Unnamed.ShouldBe([("importer", 2), (null, 1)]);
        (cut.Since, cut.IsWhole, cut.Changes, cut.HasWriters).ShouldBe((Shop.Noon.AddSeconds(6), false, 3, false));
        (await ActorShare.OfAsync(Trail, "Users", Shop.Noon, 3, Ct)).Changes.ShouldBe(0);

        static AuditEntry By(int number, Actor actor) => Shop.Entry($"{number}", time: Shop.Noon.AddSeconds(number)) with { Actor = actor };
    }
}
