using Afterimage.Entries;
using Afterimage.Query;

namespace Afterimage.Tests.Contracts;

public abstract partial class TrailContract
{
    [Fact]
    public async Task A_mark_is_used_where_a_removal_names_its_actor_by_it()
    {
        var (used, attempted, other) = (Mark(1, "n1"), Mark(3, "n2"), Mark(5, "n3"));
        await KeepAsync(
            used,
            Removal(2, "n1"),
            attempted,
            Removal(4, "n1") with { Actor = Actor.Unknown },
            other with { Keys = Shop.Keys("u1", "o2") },
            Removal(6, "n3") with { Time = Shop.Noon.AddHours(1) });

        (await FoldedMarks.IsUsedAsync(Trail, used, Ct)).ShouldBeTrue();
        (await FoldedMarks.IsUsedAsync(Trail, attempted, Ct)).ShouldBeFalse();
        (await FoldedMarks.IsUsedAsync(Trail, other, Ct)).ShouldBeFalse();
        (await FoldedMarks.IsUsedAsync(Trail, Removal(2, "n1"), Ct)).ShouldBeFalse();

        static AuditEntry Mark(int number, string nonce) => Entry(number) with { Kind = EntryKind.Mark, Action = ChangeAction.Modify, NewImage = Marked(nonce) };

        static AuditEntry Removal(int number, string nonce) =>
            Entry(number) with { Action = ChangeAction.Remove, OldImage = Marked(nonce), NewImage = null, Actor = new Actor(ActorSource.DeleteMark, "alice") };

        static AuditEntry Entry(int number) => Shop.Entry($"{number}", Shop.Keys("u1", "o1"), Shop.Noon.AddSeconds(number)) with { Actor = new Actor(ActorSource.Stamp, "alice") };

        static AttributeMap Marked(string nonce) => new([.. Shop.Keys("u1", "o1"), new("who", AttributeValue.Map(new(
        [
            new("v", AttributeValue.Number("1")),
            new("time", AttributeValue.String("2026-11-21T12:00:00.000Z")),
            new("nonce", AttributeValue.String(nonce)),
            new("item", AttributeValue.String("hash")),
            new("deletes", AttributeValue.Boolean(true)),
        ])))]);
    }
}
