using Afterimage.Entries;
using Afterimage.Streams.Records;
using Afterimage.Tests.Contracts;
using Afterimage.Tests.Support;
using Afterimage.Trail;
using Afterimage.Trail.DynamoDb;

namespace Afterimage.Tests.Trail.DynamoDb;

/// <summary>What a trail in a DynamoDB table notes once: tables, its name, salt keys.</summary>
public sealed class DynamoTablesTests
{
    private static readonly ShardId Shard = new("shardId-1");

    private readonly FakeTable table = new(new Random(1));

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public Task Whatever_request_goes_wrong_a_table_is_noted_over_what_was_seen_of_it() => FaultPlan.EachAsync(async weather =>
    {
        var broken = new FakeTable(new Random(2)) { Weather = weather };
        var accounts = new TrailTable("Accounts", new KeyAttribute("id", AttributeKind.N), null, null, Followed: true);
        await FaultPlan.UntilAnsweredAsync(() => new DynamoTables(broken).KeepAsync(Shop.Orders, Ct));
        await FaultPlan.UntilAnsweredAsync(() => new DynamoTables(broken).TryKeepAsync(accounts, null, Ct));
        await FaultPlan.UntilAnsweredAsync(() => new DynamoTables(broken).KeepAsync(Shop.Orders with { Followed = false }, Ct));
        await FaultPlan.UntilAnsweredAsync(async () => (await new DynamoTables(broken).AllAsync(Ct)).ShouldBe([accounts, Shop.Orders with { Followed = false }]));
    });

    [Fact]
    public Task A_repeat_by_the_client_is_known_for_its_own() => FaultPlan.EachAsync(async weather =>
    {
        var broken = new FakeTable(new Random(3));
        await new DynamoTables(broken).KeepAsync(Shop.Orders, Ct);
        broken.Weather = (request, ct) => weather(request with { Number = request.Number - 2 }, ct);
        try
        {
            (await new DynamoTables(broken).TryKeepAsync(Shop.Orders with { Followed = false }, Shop.Orders, Ct)).ShouldBeTrue();
        }
        catch (Afterimage.Streams.Aws.AwsException)
        {
            // Not to be answered is no answer.
        }
    });

    [Fact]
    public Task A_write_that_arrives_late_takes_nothing_back() => FaultPlan.EachLateAsync(async (weather, arrive) =>
    {
        var slow = new FakeTable(new Random(4)) { Weather = weather };
        await FaultPlan.UntilAnsweredAsync(() => new DynamoTables(slow).KeepAsync(Shop.Orders, Ct));
        await FaultPlan.UntilAnsweredAsync(() => new DynamoTables(slow).KeepAsync(Shop.Orders with { Followed = false }, Ct));
        slow.Calm();
        arrive();

        (await new DynamoTables(slow).AllAsync(Ct)).ShouldBe([Shop.Orders with { Followed = false }]);
    });

    [Fact]
    public async Task Of_two_who_saw_the_same_one_notes_a_table()
    {
        var disabled = Shop.Orders with { Followed = false };
        var tables = new DynamoTables(table);
        await tables.KeepAsync(Shop.Orders, Ct);
        table.Weather = async (request, ct) =>
        {
            if (request.Operation == "PutItem")
            {
                table.Calm();
                (await new DynamoTables(table).TryKeepAsync(Shop.Orders with { Stream = null }, Shop.Orders, ct)).ShouldBeTrue();
            }

            return Fate.Done;
        };

        (await tables.TryKeepAsync(disabled, Shop.Orders, Ct)).ShouldBeFalse();
        (await tables.AllAsync(Ct)).ShouldBe([Shop.Orders with { Stream = null }]);
        await tables.KeepAsync(disabled, Ct);
        (await tables.AllAsync(Ct)).ShouldBe([disabled]);
    }

    [Fact]
    public Task Whatever_request_goes_wrong_the_first_name_stays() => FaultPlan.EachAsync(async weather =>
    {
        var broken = new FakeTable(new Random(5)) { Weather = weather };
        (await new TrailName(new FakeTable(new Random(5))).FindAsync(Ct)).ShouldBeNull();
        await FaultPlan.UntilAnsweredAsync(async () => (await new TrailName(broken).KeepAsync("first", Ct)).ShouldBe("first"));
        await FaultPlan.UntilAnsweredAsync(async () => (await new TrailName(broken).KeepAsync("second", Ct)).ShouldBe("first"));
    });

    [Fact]
    public Task Whatever_request_goes_wrong_the_first_salt_key_stays_until_it_is_destroyed() => FaultPlan.EachAsync(async weather =>
    {
        var broken = new FakeTable(new Random(6)) { Weather = weather };
        await FaultPlan.UntilAnsweredAsync(async () => (await new DynamoSaltKeys(broken).OfAsync(Shop.Stream, Shard, new byte[] { 1 }, Ct)).ToArray().ShouldBe([1]));
        await FaultPlan.UntilAnsweredAsync(async () => (await new DynamoSaltKeys(broken).OfAsync(Shop.Stream, Shard, new byte[] { 2 }, Ct)).ToArray().ShouldBe([1]));
        await FaultPlan.UntilAnsweredAsync(() => new DynamoSaltKeys(broken).ForgetAsync([(Shop.Stream, Shard), (Shop.Stream, new ShardId("shardId-2"))], Ct));
        broken.Items.Keys.ShouldBeEmpty();
    });
}
