using System.Collections.Concurrent;
using System.Net;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

namespace Afterimage.Stamp;

/// <summary>The key attributes of tables: told by the options, or asked for once and remembered.</summary>
internal sealed class TableKeys(StampOptions options, DynamoCalls calls)
{
    private readonly ConcurrentDictionary<string, IReadOnlyList<string>> known = new(options.Keys, StringComparer.Ordinal);

    /// <summary>The key of an item that is about to be put; null where it has none or there is no such table, which DynamoDB then says itself.</summary>
    /// <exception cref="InvalidOperationException">The table may not be described.</exception>
    public async Task<IReadOnlyDictionary<string, AttributeValue>?> KeyOfAsync(
        string table, IReadOnlyDictionary<string, AttributeValue>? item, CancellationToken ct)
    {
        if (item is null || await NamesAsync(table, ct) is not { } names)
        {
            return null;
        }

        var key = names.Where(item.ContainsKey).ToDictionary(name => name, name => item[name], StringComparer.Ordinal);
        if (key.Count == names.Count)
        {
            return key;
        }

        // The table may have been made anew with other keys; the next put asks again.
        if (!options.Keys.ContainsKey(TableName.Of(table)))
        {
            known.TryRemove(TableName.Of(table), out _);
        }

        return null;
    }

    private async Task<IReadOnlyList<string>?> NamesAsync(string table, CancellationToken ct)
    {
        if (known.TryGetValue(TableName.Of(table), out var names))
        {
            return names;
        }

        try
        {
            var answer = await calls.DescribeTable(new DescribeTableRequest(table), ct);
            names = [.. answer.Table.KeySchema.Select(key => key.AttributeName)];
            return known[TableName.Of(table)] = names;
        }
        catch (ResourceNotFoundException)
        {
            return null;
        }
        catch (AmazonDynamoDBException e) when (e.ErrorCode == "AccessDeniedException" || e.StatusCode == HttpStatusCode.Forbidden)
        {
            throw new InvalidOperationException(
                $"A stamp needs the key attributes of the table {table}, and it may not be described. Allow dynamodb:DescribeTable, or name them in StampOptions.Keys.", e);
        }
    }
}
