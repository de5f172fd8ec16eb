using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

namespace Afterimage.Stamp;

/// <summary>What is to be known of an audited table before its items are changed.</summary>
/// <param name="Table">Its name.</param>
/// <param name="Arn">Its ARN.</param>
/// <param name="Keys">Its key attributes, the partition key first.</param>
/// <param name="Trail">The trail's table.</param>
internal sealed record AuditedPlace(string Table, string Arn, IReadOnlyList<string> Keys, string Trail)
{
    /// <summary>The key attributes of an item.</summary>
    /// <exception cref="AuditedWriteException">One is missing.</exception>
    public Dictionary<string, AttributeValue> KeyOf(IReadOnlyDictionary<string, AttributeValue> item) => Keys.ToDictionary(
        name => name,
        name => item.TryGetValue(name, out var value) ? value : throw new AuditedWriteException($"Items of {Table} have the key {string.Join(", ", Keys)}, and {name} is missing."),
        StringComparer.Ordinal);
}

/// <summary>Finds out whether a table and a trail can be written in one transaction, and remembers it.</summary>
internal sealed class AuditedPlaces(IAmazonDynamoDB client, string table, string trail)
{
    private AuditedPlace? known;

    /// <summary>The table, once it is known to be fit.</summary>
    /// <exception cref="AuditedWriteException">It is not.</exception>
    public async Task<AuditedPlace> FindAsync(CancellationToken ct) => known ??= await LookAsync(ct);

    private async Task<AuditedPlace> LookAsync(CancellationToken ct)
    {
        var audited = await DescribeAsync(table, ct);
        var trails = await DescribeAsync(trail, ct);
        if (PlaceOf(audited) != PlaceOf(trails))
        {
            throw new AuditedWriteException($"{audited.TableArn} and {trails.TableArn} do not lie in one account and region, and no transaction reaches both. Audit the table with a trail beside it.");
        }

        foreach (var strong in new[] { audited, trails }.Where(one => one.MultiRegionConsistency == MultiRegionConsistency.STRONG))
        {
            throw new AuditedWriteException($"{strong.TableName} is a global table with strong consistency between regions, where DynamoDB knows no transactions. Use StampedDynamoDBClient for it.");
        }

        await CheckToldAsync(audited.TableName, ct);
        return new AuditedPlace(
            audited.TableName, audited.TableArn, [.. audited.KeySchema.OrderBy(key => key.KeyType == KeyType.HASH ? 0 : 1).Select(key => key.AttributeName)], trails.TableName);
    }

    // Where nobody looks for intents they would lie for ever.
    private async Task CheckToldAsync(string name, CancellationToken ct)
    {
        var answer = await client.GetItemAsync(new GetItemRequest { TableName = trail, Key = IntentForm.Row(name), ConsistentRead = true }, ct);
        if (answer.Item is not { } row || row.GetValueOrDefault("followed")?.BOOL != true || row.GetValueOrDefault("transactions")?.S is null)
        {
            throw new AuditedWriteException($"The trail {trail} was not told that {name} is written by transactions. Say so first: afterimage enable {name} --transactions --trail dynamodb:{trail}");
        }
    }

    private async Task<TableDescription> DescribeAsync(string name, CancellationToken ct)
    {
        try
        {
            return (await client.DescribeTableAsync(new DescribeTableRequest(name), ct)).Table;
        }
        catch (ResourceNotFoundException e)
        {
            throw new AuditedWriteException($"There is no table {name} in the client's account and region.", e);
        }
    }

    // arn:aws:dynamodb:REGION:ACCOUNT:table/NAME
    private static string PlaceOf(TableDescription table) => table.TableArn[..table.TableArn.LastIndexOf(':')];
}
