using System.Text.Json;
using Afterimage.Entries;

namespace Afterimage.Trail.DynamoDb.Table;

/// <summary>The requests of one table as DynamoDB takes them (API version 2012-08-10).</summary>
/// <param name="table">The table's name.</param>
internal sealed class DynamoRequests(string table)
{
    /// <summary>GetItem.</summary>
    public ReadOnlyMemory<byte> Get(ItemKey key) => Of(writer =>
    {
        WriteKey(writer, key);
        writer.WriteBoolean("ConsistentRead"u8, true);
    });

    /// <summary>BatchGetItem of these keys.</summary>
    public ReadOnlyMemory<byte> GetMany(IEnumerable<ItemKey> keys, IReadOnlyList<string>? attributes) => ItemJson.Of(writer =>
    {
        writer.WriteStartObject();
        writer.WriteStartObject("RequestItems"u8);
        writer.WriteStartObject(table);
        writer.WriteBoolean("ConsistentRead"u8, true);
        writer.WriteStartArray("Keys"u8);
        foreach (var key in keys)
        {
            WriteKeyValues(writer, key);
        }

        writer.WriteEndArray();
        var expressions = new Expressions();
        WriteText(writer, "ProjectionExpression", expressions.Projection(attributes));
        expressions.Write(writer);
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteEndObject();
    });

    /// <summary>Query.</summary>
    public ReadOnlyMemory<byte> Query(ItemQuery query) => Of(writer =>
    {
        var expressions = new Expressions();
        writer.WriteString("KeyConditionExpression"u8, expressions.Keys(query));
        WriteText(writer, "FilterExpression", expressions.All(query.Filter));
        WriteText(writer, "ProjectionExpression", expressions.Projection(query.Attributes));
        WriteText(writer, "IndexName", query.Index?.Name);
        writer.WriteBoolean("ScanIndexForward"u8, !query.Reverse);

        // An index cannot be read consistently (API reference, Query, ConsistentRead).
        writer.WriteBoolean("ConsistentRead"u8, query.Index is null);
        if (query.Limit is { } limit)
        {
            writer.WriteNumber("Limit"u8, limit);
        }

        WriteMark(writer, query.After);
        expressions.Write(writer);
    });

    /// <summary>Scan.</summary>
    public ReadOnlyMemory<byte> Scan(ItemScan scan) => Of(writer =>
    {
        var expressions = new Expressions();
        WriteText(writer, "ProjectionExpression", expressions.Projection(scan.Attributes));
        writer.WriteNumber("Segment"u8, scan.Segment);
        writer.WriteNumber("TotalSegments"u8, scan.Segments);
        writer.WriteBoolean("ConsistentRead"u8, true);
        WriteMark(writer, scan.After);
        expressions.Write(writer);
    });

    /// <summary>PutItem, UpdateItem or DeleteItem, whichever it is.</summary>
    public (string Operation, ReadOnlyMemory<byte> Body) Write(ItemWrite write) =>
        ($"{OperationOf(write)}Item", ItemJson.Of(writer =>
        {
            writer.WriteStartObject();
            WriteOne(writer, write);
            writer.WriteEndObject();
        }));

    /// <summary>TransactWriteItems.</summary>
    public ReadOnlyMemory<byte> Together(IEnumerable<ItemWrite> writes) => ItemJson.Of(writer =>
    {
        writer.WriteStartObject();
        writer.WriteStartArray("TransactItems"u8);
        foreach (var write in writes)
        {
            writer.WriteStartObject();
            writer.WriteStartObject(OperationOf(write));
            WriteOne(writer, write);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    });

    /// <summary>BatchWriteItem.</summary>
    public ReadOnlyMemory<byte> PutMany(IEnumerable<ReadOnlyMemory<byte>> items) => ItemJson.Of(writer =>
    {
        writer.WriteStartObject();
        writer.WriteStartObject("RequestItems"u8);
        writer.WriteStartArray(table);
        foreach (var item in items)
        {
            writer.WriteStartObject();
            writer.WriteStartObject("PutRequest"u8);
            WriteRaw(writer, "Item", item);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.WriteEndObject();
    });

    private static string OperationOf(ItemWrite write) => write switch
    {
        ItemWrite.Put => "Put",
        ItemWrite.Update => "Update",
        ItemWrite.Delete => "Delete",
        ItemWrite.Check => "ConditionCheck",
        _ => throw new ArgumentOutOfRangeException(nameof(write), write, "There is no such write."),
    };

    private void WriteOne(Utf8JsonWriter writer, ItemWrite write)
    {
        writer.WriteString("TableName"u8, table);
        var expressions = new Expressions();
        if (write is ItemWrite.Put put)
        {
            WriteRaw(writer, "Item", put.Item.Text);
        }
        else
        {
            WriteKey(writer, write.Key);
        }

        if (write is ItemWrite.Update update)
        {
            writer.WriteString("UpdateExpression"u8, expressions.Of(update));
        }

        WriteText(writer, "ConditionExpression", expressions.All(write.Conditions));
        expressions.Write(writer);
    }

    private ReadOnlyMemory<byte> Of(Action<Utf8JsonWriter> write) => ItemJson.Of(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("TableName"u8, table);
        write(writer);
        writer.WriteEndObject();
    });

    private static void WriteKey(Utf8JsonWriter writer, ItemKey key)
    {
        writer.WritePropertyName("Key"u8);
        WriteKeyValues(writer, key);
    }

    private static void WriteKeyValues(Utf8JsonWriter writer, ItemKey key)
    {
        writer.WriteStartObject();
        foreach (var (name, text) in ((string, string)[])[(ItemKey.PartitionAttribute, key.Partition), (ItemKey.SortAttribute, key.Sort)])
        {
            writer.WritePropertyName(name);
            DynamoDbJson.Write(writer, AttributeValue.String(text));
        }

        writer.WriteEndObject();
    }

    private static void WriteText(Utf8JsonWriter writer, string name, string? text)
    {
        if (text is not null)
        {
            writer.WriteString(name, text);
        }
    }

    private static void WriteMark(Utf8JsonWriter writer, PageMark? after)
    {
        if (after is not null)
        {
            WriteRaw(writer, "ExclusiveStartKey", after.Text);
        }
    }

    // What was made by us or came from DynamoDB is JSON already.
    private static void WriteRaw(Utf8JsonWriter writer, string name, ReadOnlyMemory<byte> json)
    {
        writer.WritePropertyName(name);
        writer.WriteRawValue(json.Span, skipInputValidation: true);
    }
}
