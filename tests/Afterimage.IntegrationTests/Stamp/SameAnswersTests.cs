using Afterimage.IntegrationTests.Support;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

namespace Afterimage.IntegrationTests.Stamp;

/// <summary>Every call of one item gives the same answers and failures and leaves the same items, with stamps and without.</summary>
public sealed class SameAnswersTests(LocalDatabase database)
{
    private static readonly ReturnValue[] AllReturnValues =
        [ReturnValue.NONE, ReturnValue.ALL_OLD, ReturnValue.ALL_NEW, ReturnValue.UPDATED_OLD, ReturnValue.UPDATED_NEW];

    private static readonly ReturnValuesOnConditionCheckFailure[] OnFailure = [ReturnValuesOnConditionCheckFailure.NONE, ReturnValuesOnConditionCheckFailure.ALL_OLD];

    // A condition that an existing item fulfils, one that it does not, none, and one that is a mistake.
    private static readonly (string? Text, string? Value)[] Conditions =
        [(null, null), ("amount = :c", "1"), ("amount = :c", "2"), ("attribute_not_exists(id)", null), ("amount = ", null), ("(amount = :c OR #x = :c)", "1")];

    private static readonly (string Attribute, ExpectedAttributeValue? Expected)[] Expectations =
    [
        ("", null), ("amount", new(new AttributeValue { N = "1" })), ("amount", new(new AttributeValue { N = "2" })), ("amount", new(false)),
        ("amount", new() { ComparisonOperator = ComparisonOperator.GE, AttributeValueList = [new() { N = "1" }] }),
        ("amount", new() { ComparisonOperator = ComparisonOperator.NE, AttributeValueList = [new() { N = "1" }] }),
        ("amount", new() { ComparisonOperator = ComparisonOperator.NOT_NULL }),
    ];

    private const string All = "ConditionalCheckFailedException ValidationException done";

    private const string Legacy = "ConditionalCheckFailedException done";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public Task Puts() => NoDifferenceAsync(All,
        from condition in Conditions
        from returned in AllReturnValues
        from onFailure in OnFailure
        select ($"{condition} {returned} {onFailure}", Case((client, table, id) => client.PutItemAsync(
            new PutItemRequest
            {
                TableName = table,
                Item = TwinTables.Item(id),
                ReturnValues = returned,
                ReturnValuesOnConditionCheckFailure = onFailure,
                ConditionExpression = condition.Text,
                ExpressionAttributeNames = Names(condition.Text, null),
                ExpressionAttributeValues = Values(condition.Value, null),
            },
            Ct))));

    [Fact]
    public Task Puts_of_the_legacy_form() => NoDifferenceAsync(Legacy,
        from expected in Expectations
        select ($"{expected}", Case((client, table, id) => client.PutItemAsync(
            new PutItemRequest { TableName = table, Item = TwinTables.Item(id), ReturnValues = ReturnValue.ALL_OLD, Expected = Expected(expected) }, Ct))));

    [Theory]
    [InlineData(null, null)]
    [InlineData("SET amount = amount + :u", "5")]
    [InlineData("SET #x = :u, parts.b = :u", "5")]
    [InlineData("REMOVE note ADD #x :u", "5")]
    [InlineData("REMOVE note", null)]
    [InlineData("SET id = :u", "5", true)]
    [InlineData("SET ", null, true)]
    [InlineData("", null, true)]
    [InlineData("SET parts.b.c = :u", "5", true)]
    public Task Updates(string? update, string? value, bool isMistake = false) => NoDifferenceAsync(isMistake ? null : All,
        from condition in Conditions
        from returned in AllReturnValues
        from onFailure in OnFailure
        select ($"{condition} {returned} {onFailure}", Case((client, table, id) => client.UpdateItemAsync(
            new UpdateItemRequest
            {
                TableName = table,
                Key = TwinTables.Key(id),
                ReturnValues = returned,
                ReturnValuesOnConditionCheckFailure = onFailure,
                UpdateExpression = update,
                ConditionExpression = condition.Text,
                ExpressionAttributeNames = Names(condition.Text, update),
                ExpressionAttributeValues = Values(condition.Value, value),
            },
            Ct))));

    [Fact]
    public Task Updates_of_the_legacy_form() => NoDifferenceAsync(Legacy,
        from expected in Expectations
        from returned in AllReturnValues
        from updates in new[] { null, "PUT", "ADD", "DELETE" }
        select ($"{expected} {returned} {updates}", Case((client, table, id) => client.UpdateItemAsync(
            new UpdateItemRequest
            {
                TableName = table,
                Key = TwinTables.Key(id),
                ReturnValues = returned,
                Expected = Expected(expected),
                AttributeUpdates = updates is null
                    ? null
                    : new() { ["amount"] = new() { Action = updates, Value = updates == "DELETE" ? null : new AttributeValue { N = "9" } } },
            },
            Ct))));

    [Fact]
    public Task Deletes() => NoDifferenceAsync(All,
        from condition in Conditions
        from returned in AllReturnValues
        from onFailure in OnFailure
        select ($"{condition} {returned} {onFailure}", Case((client, table, id) => client.DeleteItemAsync(
            new DeleteItemRequest
            {
                TableName = table,
                Key = TwinTables.Key(id),
                ReturnValues = returned,
                ReturnValuesOnConditionCheckFailure = onFailure,
                ConditionExpression = condition.Text,
                ExpressionAttributeNames = Names(condition.Text, null),
                ExpressionAttributeValues = Values(condition.Value, null),
            },
            Ct))));

    [Fact]
    public Task Deletes_of_the_legacy_form() => NoDifferenceAsync(All,
        from expected in Expectations
        from joined in new[] { null, ConditionalOperator.OR }
        from onFailure in OnFailure
        from isTwo in new[] { true, false }
        select ($"{expected} {joined} {onFailure} {isTwo}", Case((client, table, id) => client.DeleteItemAsync(
            new DeleteItemRequest
            {
                TableName = table,
                Key = TwinTables.Key(id),
                ReturnValues = ReturnValue.ALL_OLD,
                ReturnValuesOnConditionCheckFailure = onFailure,
                Expected = Expected(expected, isTwo),
                ConditionalOperator = joined,
            },
            Ct))));

    [Fact]
    public Task Short_forms() => NoDifferenceAsync("done",
    [
        ("put", Case((client, table, id) => client.PutItemAsync(table, TwinTables.Item(id), ReturnValue.ALL_OLD, Ct))),
        ("delete", Case((client, table, id) => client.DeleteItemAsync(table, TwinTables.Key(id), ReturnValue.ALL_OLD, Ct))),
        ("update", Case((client, table, id) => client.UpdateItemAsync(table, TwinTables.Key(id), new() { ["note"] = new(new("new"), AttributeAction.PUT) }, ReturnValue.ALL_NEW, Ct))),
    ]);

    [Fact]
    public Task Mistakes() => NoDifferenceAsync("ResourceNotFoundException ValidationException",
    [
        ("no table", Case((client, _, id) => client.PutItemAsync("no-such-table", TwinTables.Item(id), Ct))),
        ("no table to update", Case((client, _, id) => client.UpdateItemAsync("no-such-table", TwinTables.Key(id), [], Ct))),
        ("no table to delete from", Case((client, _, id) => client.DeleteItemAsync("no-such-table", TwinTables.Key(id), Ct))),
        ("no key", Case((client, table, _) => client.PutItemAsync(table, new() { ["note"] = new("x") }, Ct))),
        ("wrong type of key", Case((client, table, _) => client.PutItemAsync(table, new() { ["id"] = new() { N = "1" } }, Ct))),
        ("wrong key to update", Case((client, table, _) => client.UpdateItemAsync(table, new() { ["note"] = new("1") }, [], Ct))),
        ("wrong key to delete", Case((client, table, _) => client.DeleteItemAsync(table, new() { ["note"] = new("1") }, Ct))),
        ("empty key to delete", Case((client, table, _) => client.DeleteItemAsync(table, new() { ["id"] = new("") }, Ct))),
        ("a boolean key", Case((client, table, _) => client.DeleteItemAsync(table, new() { ["id"] = new() { BOOL = true } }, Ct))),
        ("no such table name", Case((client, _, id) => client.PutItemAsync("?", TwinTables.Item(id), Ct))),
    ]);

    private async Task NoDifferenceAsync(
        string? outcomes, IEnumerable<(string What, Func<AmazonDynamoDBClient, string, string, Task<object?>> Call)> cases)
    {
        using var twins = await TwinTables.CreateAsync(database, Ct);
        var differences = new List<string?>();
        foreach (var (what, call) in cases)
        {
            foreach (var isThere in new[] { true, false })
            {
                var id = twins.NewId();
                await (isThere ? twins.SeedAsync(id, Ct) : Task.CompletedTask);
                differences.Add(await twins.DifferenceAsync($"{what}, {(isThere ? "there" : "absent")}", [id], (client, table) => call(client, table, id), Ct));
            }
        }

        string.Join(Environment.NewLine, differences.OfType<string>()).ShouldBeEmpty();
        (outcomes is null || outcomes == string.Join(' ', twins.Outcomes)).ShouldBeTrue(string.Join(' ', twins.Outcomes));
    }

    private static Func<AmazonDynamoDBClient, string, string, Task<object?>> Case<T>(Func<AmazonDynamoDBClient, string, string, Task<T>> call) =>
        async (client, table, id) => await call(client, table, id);

    private static Dictionary<string, string>? Names(string? condition, string? update) =>
        $"{condition}{update}".Contains("#x", StringComparison.Ordinal) ? new() { ["#x"] = "extra" } : null;

    private static Dictionary<string, AttributeValue>? Values(string? condition, string? update)
    {
        var values = new Dictionary<string, AttributeValue>(StringComparer.Ordinal);
        Add(":c", condition);
        Add(":u", update);
        return values.Count == 0 ? null : values;

        void Add(string name, string? number)
        {
            if (number is not null)
            {
                values[name] = new() { N = number };
            }
        }
    }

    private static Dictionary<string, ExpectedAttributeValue>? Expected((string Attribute, ExpectedAttributeValue? Expected) one, bool isTwo = false)
    {
        var expected = one.Expected is null ? null : new Dictionary<string, ExpectedAttributeValue>(StringComparer.Ordinal) { [one.Attribute] = one.Expected };
        if (isTwo)
        {
            expected?.Add("note", new(new AttributeValue("first")));
        }

        return expected;
    }
}
