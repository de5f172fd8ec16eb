using Afterimage.IntegrationTests.Support;
using Afterimage.Stamp;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

namespace Afterimage.IntegrationTests.Stamp;

/// <summary>Deletes by a mark, while others write, and when they fail half way.</summary>
public sealed class MarkedDeleteTests(LocalDatabase database)
{
    private readonly HookedHttp http = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_item_that_another_stamped_writer_wrote_in_between_is_marked_again()
    {
        using var twins = await SeededAsync();
        http.Before = OnDelete(0, async () => await OverwriteAsync(twins, "2"));

        await twins.Stamped.DeleteItemAsync(twins.Table.Name, TwinTables.Key("item"), Ct);

        (await twins.ItemAsync("item", Ct)).ShouldBeNull();
        http.Sent.ShouldBe(["UpdateItem", "DeleteItem", "UpdateItem", "DeleteItem"]);
    }

    [Fact]
    public async Task A_condition_that_an_unstamped_writer_broke_under_the_mark_fails_the_delete_and_the_mark_goes()
    {
        using var twins = await SeededAsync();
        var before = await StampAsync(twins);
        http.Before = OnDelete(0, () => twins.Plain.UpdateItemAsync(
            twins.Table.Name, TwinTables.Key("item"), new() { ["amount"] = new(new() { N = "2" }, AttributeAction.PUT) }, Ct));

        var failure = await Should.ThrowAsync<ConditionalCheckFailedException>(twins.Stamped.DeleteItemAsync(
            new DeleteItemRequest
            {
                TableName = twins.Table.Name,
                Key = TwinTables.Key("item"),
                ConditionExpression = "amount = :one",
                ExpressionAttributeValues = new() { [":one"] = new() { N = "1" } },
            },
            Ct));

        failure.Item.ShouldBeNull();
        (await StampAsync(twins)).ShouldBe(before);
    }

    [Fact]
    public async Task An_item_that_somebody_deleted_in_between_is_gone_as_wanted()
    {
        using var twins = await SeededAsync();
        http.Before = OnDelete(0, () => twins.Plain.DeleteItemAsync(twins.Table.Name, TwinTables.Key("item"), Ct));

        (await twins.Stamped.DeleteItemAsync(twins.Table.Name, TwinTables.Key("item"), ReturnValue.ALL_OLD, Ct)).Attributes.ShouldBeNull();

        (await twins.ItemAsync("item", Ct)).ShouldBeNull();
    }

    [Fact]
    public async Task An_absent_item_that_somebody_puts_in_between_is_marked_and_deleted()
    {
        using var twins = await SeededAsync();
        http.Before = OnDelete(0, () => twins.Plain.PutItemAsync(twins.Table.Name, TwinTables.Item("late"), Ct));

        var answer = await twins.Stamped.DeleteItemAsync(twins.Table.Name, TwinTables.Key("late"), ReturnValue.ALL_OLD, Ct);

        answer.Attributes.Keys.ShouldBe(TwinTables.Item("late").Keys, ignoreOrder: true);
        (await twins.ItemAsync("late", Ct)).ShouldBeNull();
        http.Sent.ShouldBe(["UpdateItem", "DeleteItem", "UpdateItem", "DeleteItem"]);
    }

    [Fact]
    public async Task An_item_that_others_write_again_and_again_is_deleted_plainly_and_counted()
    {
        using var counted = new CountedWrites();
        using var twins = await SeededAsync();
        http.Before = async (operation, before) =>
        {
            await (operation == "DeleteItem" ? OverwriteAsync(twins, $"{before}") : Task.CompletedTask);
            return null;
        };

        await twins.Stamped.DeleteItemAsync(twins.Table.Name, TwinTables.Key("item"), Ct);

        (await twins.ItemAsync("item", Ct)).ShouldBeNull();
        counted.Told.ShouldBe(["afterimage.stamp.unstamped DeleteItem contended 1"]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_mark_of_a_delete_that_fails_is_taken_off(bool hadStamp)
    {
        using var twins = await SeededAsync(hadStamp);
        var before = await StampAsync(twins);
        http.Before = (operation, _) => Task.FromResult(operation == "DeleteItem" ? HookedHttp.Throttled() : null);

        await Should.ThrowAsync<ProvisionedThroughputExceededException>(twins.Stamped.DeleteItemAsync(twins.Table.Name, TwinTables.Key("item"), Ct));

        (await StampAsync(twins)).ShouldBe(before);
        (before is not null).ShouldBe(hadStamp);
    }

    [Fact]
    public async Task The_mark_of_a_delete_that_is_cancelled_is_taken_off()
    {
        using var twins = await SeededAsync();
        var before = await StampAsync(twins);
        using var cancelled = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        http.Before = OnDelete(0, cancelled.CancelAsync);

        await Should.ThrowAsync<OperationCanceledException>(twins.Stamped.DeleteItemAsync(twins.Table.Name, TwinTables.Key("item"), cancelled.Token));

        (await StampAsync(twins)).ShouldBe(before);
    }

    [Fact]
    public async Task A_mark_of_which_nobody_knows_whether_it_arrived_is_taken_off()
    {
        using var twins = await SeededAsync();
        http.Before = (operation, before) => operation == "UpdateItem" && before == 0
            ? throw new HttpRequestException("the line is dead")
            : Task.FromResult<HttpResponseMessage?>(null);

        await Should.ThrowAsync<Exception>(twins.Stamped.DeleteItemAsync(twins.Table.Name, TwinTables.Key("item"), Ct));

        http.Sent.ShouldBe(["UpdateItem", "UpdateItem"]);
    }

    [Fact]
    public async Task A_mark_that_cannot_be_taken_off_is_counted_and_the_first_failure_is_seen()
    {
        using var counted = new CountedWrites();
        using var twins = await SeededAsync();
        http.Before = (operation, before) => Task.FromResult(
            operation == "DeleteItem" ? HookedHttp.Throttled() : before == 0 ? null : HookedHttp.Failure("InternalServerError", "no"));

        await Should.ThrowAsync<ProvisionedThroughputExceededException>(twins.Stamped.DeleteItemAsync(twins.Table.Name, TwinTables.Key("item"), Ct));

        counted.Told.ShouldBe(["afterimage.stamp.marks_left 1"]);
    }

    [Fact]
    public async Task An_item_too_full_for_a_stamp_is_written_and_deleted_without_one_and_counted()
    {
        using var counted = new CountedWrites();
        using var twins = await TwinTables.CreateAsync(database, Ct, hook: http);
        var item = TwinTables.Item("full");
        item["note"] = new(new string('x', (400 * 1024) - 100));

        await twins.Stamped.PutItemAsync(twins.Table.Name, item, Ct);
        await twins.Stamped.UpdateItemAsync(new() { TableName = twins.Table.Name, Key = TwinTables.Key("full"), UpdateExpression = "REMOVE parts" }, Ct);
        await twins.Stamped.DeleteItemAsync(twins.Table.Name, TwinTables.Key("full"), Ct);

        (await twins.ItemAsync("full", Ct)).ShouldBeNull();
        counted.Told.ShouldBe([
            "afterimage.stamp.unstamped PutItem does-not-fit 1",
            "afterimage.stamp.unstamped UpdateItem does-not-fit 1",
            "afterimage.stamp.unstamped DeleteItem does-not-fit 1",
        ]);
    }

    [Fact]
    public async Task Deletes_are_plain_where_the_options_say_so()
    {
        using var twins = await SeededAsync(options: new() { Deletes = DeleteStamps.Plain });

        await twins.Stamped.DeleteItemAsync(twins.Table.Name, TwinTables.Key("item"), Ct);

        http.Sent.ShouldBe(["DeleteItem"]);
    }

    [Fact]
    public async Task What_mark_and_delete_consume_is_told_together()
    {
        using var twins = await SeededAsync();

        var answer = await twins.Stamped.DeleteItemAsync(
            new() { TableName = twins.Table.Name, Key = TwinTables.Key("item"), ReturnConsumedCapacity = ReturnConsumedCapacity.TOTAL }, Ct);

        answer.ConsumedCapacity.CapacityUnits.ShouldBe(2);
    }

    private static Func<string, int, Task<HttpResponseMessage?>> OnDelete(int which, Func<Task> act) => async (operation, before) =>
    {
        await (operation == "DeleteItem" && before == which ? act() : Task.CompletedTask);
        return null;
    };

    private async Task<TwinTables> SeededAsync(bool isStamped = true, StampOptions? options = null)
    {
        var twins = await TwinTables.CreateAsync(database, Ct, options, http);
        using var other = new StampedDynamoDBClient(LocalDatabase.Credentials, new AmazonDynamoDBConfig { ServiceURL = (await database.EndpointAsync()).ToString(), AuthenticationRegion = "us-east-1" });
        await (isStamped ? other : twins.Plain).PutItemAsync(twins.Table.Name, TwinTables.Item("item"), Ct);
        return twins;
    }

    // By the plain client, with another stamp as a stamped writer would leave it.
    private static Task<UpdateItemResponse> OverwriteAsync(TwinTables twins, string nonce) => twins.Plain.UpdateItemAsync(
        twins.Table.Name, TwinTables.Key("item"), new() { [TwinTables.Attribute] = new(new AttributeValue { M = new() { ["nonce"] = new(nonce) } }, AttributeAction.PUT) }, Ct);

    private static async Task<string?> StampAsync(TwinTables twins) =>
        StampValue.NonceOf(await twins.ItemAsync("item", Ct), TwinTables.Attribute);
}
