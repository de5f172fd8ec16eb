using Afterimage.Tests.Contracts;
using Afterimage.Tests.Support;
using Afterimage.Trail.DynamoDb;
using Afterimage.Trail.DynamoDb.Table;

namespace Afterimage.Tests.Trail.DynamoDb;

/// <summary>The table in memory, held to what DynamoDB is held to, and what only it can be told to do.</summary>
public sealed class FakeTableTests : ItemTableContract
{
    private static readonly ItemKey Key = new("one", "a");

    private readonly FakeTable table = FakeTrail.Table(new Random(1));

    private protected override IItemTable Table => table;

    [Fact]
    public async Task An_index_stays_behind_until_it_is_told_to_catch_up()
    {
        table.IndexesLag = true;
        var other = new ItemKey("one", "b");
        await Table.PutManyAsync([Indexed(Key), Indexed(other)], Ct);
        (await IndexAsync()).ShouldBeEmpty();

        table.CatchUp(key => key == other);
        (await IndexAsync()).ShouldBe([other]);

        await WriteAsync(new ItemWrite.Delete(other));
        (await IndexAsync()).ShouldBe([other]);

        table.CatchUp();
        (await IndexAsync()).ShouldBe([Key]);
    }

    [Fact]
    public async Task A_request_goes_wrong_as_it_is_told_to()
    {
        table.Weather = (_, _) => Task.FromResult(Fate.NotDone);
        await Should.ThrowAsync<Afterimage.Streams.Aws.AwsException>(() => WriteAsync(Put(Key, "first")));
        table.Items.Keys.ShouldBeEmpty();

        table.Weather = (_, _) => Task.FromResult(Fate.Unanswered);
        await Should.ThrowAsync<Afterimage.Streams.Aws.AwsException>(() => WriteAsync(Put(Key, "first")));
        table.Items.Keys.ShouldBe([Key]);

        TableRequest? last = null;
        table.Weather = (request, _) =>
        {
            last = request;
            return Task.FromResult(Fate.Repeated);
        };
        (await WriteAsync(new ItemWrite.Delete(Key, Term.AnItem))).ShouldBeFalse();
        table.Items.Keys.ShouldBeEmpty();
        (last!.Number, last.Operation, last.Keys).ShouldSatisfyAllConditions(one => one.Number.ShouldBe(3), one => one.Operation.ShouldBe("DeleteItem"), one => one.Keys.ShouldBe([Key]));

        table.Calm();
        await WriteAsync(Put(Key, "second"));
        last.Again();
        table.Items.Keys.ShouldBeEmpty();
    }

    // DynamoDB Local lets these pass, and DynamoDB does not.
    [Fact]
    public async Task What_is_no_key_of_an_index_and_what_an_index_does_not_hold_is_refused()
    {
        await RefusedAsync(() => WriteAsync(new ItemWrite.Update(Key, [(Indexes.ByTime.Sort, Cell.Of(1))])));
        await RefusedAsync(() => Table.QueryAsync(new ItemQuery("0 Orders") { Index = Indexes.ByTime, Attributes = ["place"] }, Ct));
    }

    private static NewItem Indexed(ItemKey key) => NewItem.Of(key, (Indexes.ByTime.Partition, Cell.Of("0 Orders")), (Indexes.ByTime.Sort, Cell.Of("now")));

    private async Task<IEnumerable<ItemKey>> IndexAsync() => (await Table.QueryAllAsync(new ItemQuery("0 Orders") { Index = Indexes.ByTime }, Ct)).Select(item => item.Key);
}
