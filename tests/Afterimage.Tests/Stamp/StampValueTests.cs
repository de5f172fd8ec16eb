using Afterimage.Stamp;
using Afterimage.Tests.Support;
using Amazon.DynamoDBv2.Model;

namespace Afterimage.Tests.Stamp;

public sealed class StampValueTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 13, 0, 0, TimeSpan.FromHours(1));

    private static readonly Dictionary<string, AttributeValue> Key = new(StringComparer.Ordinal) { ["order_id"] = new("123") };

    [Fact]
    public void A_stamp_is_a_map_of_format_1()
    {
        var stamper = new Stamper(new() { Time = new SetTime(Noon), Nonces = nonce => nonce.AsSpan().Fill(255) });

        var members = stamper.New(new Author("alice", "orders-api", "refund 77", "4bf9"), "Orders", Key)!.ToAttribute().M;

        members.Keys.ShouldBe(["v", "actor", "service", "reason", "request", "time", "nonce", "item"]);
        members["v"].N.ShouldBe("1");
        members["actor"].S.ShouldBe("alice");
        members["time"].S.ShouldBe("2026-11-22T12:00:00.000Z");
        members["nonce"].S.ShouldBe("_____________________w");
        members["item"].S.ShouldBe("nsCuVPipBw32HOS6vNUtWg");
    }

    [Fact]
    public void What_is_not_known_is_absent_and_never_empty() =>
        new Stamper(new()).New(new Author(reason: ""), "Orders", Key)!.ToAttribute().M.Keys.ShouldBe(["v", "time", "nonce", "item"]);

    [Fact]
    public void A_mark_says_that_it_deletes() =>
        new Stamper(new()).New(new Author(), "Orders", Key, deletes: true)!.ToAttribute().M["deletes"].BOOL.ShouldBe(true);

    [Fact]
    public void Each_stamp_has_a_nonce_of_its_own()
    {
        var stamper = new Stamper(new());

        Enumerable.Range(0, 100).Select(_ => stamper.New(new Author(), "Orders", Key)!.Nonce).ShouldBeUnique();
    }
}
