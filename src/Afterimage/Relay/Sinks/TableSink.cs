using Afterimage.Entries;

namespace Afterimage.Relay.Sinks;

/// <summary>
/// <c>table:NAME</c>: an item of a DynamoDB table for each entry, in the layout that the table's keys tell. A put is conditional, so that a repeat changes nothing;
/// the key of an entry is no other one's, also not of two changes of one item in one second.
/// </summary>
internal sealed class TableSink(string address, SinkAddress.InTable table, IServiceCalls service) : ISink
{
    private const string NotFree = "ConditionalCheckFailedException";

    private readonly SinkCalls calls = new(service, address, "table", "dynamodb:PutItem and dynamodb:DescribeTable");
    private TableLayout? known;

    /// <summary>Puts of a call go out together; the limit of a text leaves room for an item's other attributes within 400 KB (developer guide, limits).</summary>
    public static SinkLimits Takes { get; } = new(25, 25 * 380_000, 380_000) { TakesSome = true, CallsAtOnce = 2 };

    /// <inheritdoc/>
    public string Address => address;

    /// <inheritdoc/>
    public SinkLimits Limits => Takes;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Delivery>> SendAsync(IReadOnlyList<OutgoingEntry> batch, CancellationToken ct)
    {
        var layout = known ??= await DescribeAsync(ct);
        return await Task.WhenAll(batch.Select(outgoing => PutAsync(layout, outgoing, ct)));
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task<Delivery> PutAsync(TableLayout layout, OutgoingEntry outgoing, CancellationToken ct)
    {
        var (item, problem) = layout.ItemOf(outgoing);
        if (item is null)
        {
            return Delivery.Refused(problem!);
        }

        try
        {
            var isTaken = await calls.TryCallAsync("PutItem", Request(layout, item, outgoing.Entry.Id), [NotFree], ct) is not null;
            return isTaken && !layout.KeyNamesTheEntry ? Delivery.Refused("Another entry stands at its key.") : Delivery.Done;
        }
        catch (SinkException e) when (!e.IsDown)
        {
            // The table may have been made anew, with other keys.
            known = null;
            return Delivery.Refused(e.Message);
        }
    }

    private ReadOnlyMemory<byte> Request(TableLayout layout, AttributeMap item, EntryId id) => SinkCalls.Json(writer =>
    {
        writer.WriteString("TableName"u8, table.Name);
        writer.WritePropertyName("Item"u8);
        DynamoDbJson.Write(writer, item);

        // Where the key does not name the entry, what stands there is looked at: the same entry may be put again.
        writer.WriteString("ConditionExpression"u8, layout.KeyNamesTheEntry ? "attribute_not_exists(#key)" : "attribute_not_exists(#key) OR EventId = :id");
        writer.WriteStartObject("ExpressionAttributeNames"u8);
        writer.WriteString("#key"u8, layout.Partition.Name);
        writer.WriteEndObject();
        if (!layout.KeyNamesTheEntry)
        {
            writer.WriteStartObject("ExpressionAttributeValues"u8);
            writer.WritePropertyName(":id"u8);
            DynamoDbJson.Write(writer, AttributeValue.String(id.Value));
            writer.WriteEndObject();
        }
    });

    private async Task<TableLayout> DescribeAsync(CancellationToken ct)
    {
        var (partition, sort) = await calls.CallAsync("DescribeTable", SinkCalls.Json(writer => writer.WriteString("TableName"u8, table.Name)), Keys, ct);
        return TableLayout.Of(partition, sort) ?? throw new SinkException(
            isDown: true,
            $"{address}: the table has the keys {partition.Name} ({partition.Type}){(sort is null ? string.Empty : $" and {sort.Name} ({sort.Type})")}, which is no layout of an audit table that sinks know.",
            TableLayout.Known);
    }

    private static (TableKey Partition, TableKey? Sort) Keys(ReadOnlyMemory<byte> answer)
    {
        var described = SinkCalls.Read(answer).GetProperty("Table");
        var types = described.GetProperty("AttributeDefinitions").EnumerateArray()
            .ToDictionary(one => one.GetProperty("AttributeName").GetString()!, one => one.GetProperty("AttributeType").GetString()!, StringComparer.Ordinal);
        var names = described.GetProperty("KeySchema").EnumerateArray()
            .ToDictionary(one => one.GetProperty("KeyType").GetString()!, one => one.GetProperty("AttributeName").GetString()!, StringComparer.Ordinal);
        return (Key(names["HASH"]), names.TryGetValue("RANGE", out var sort) ? Key(sort) : null);

        TableKey Key(string name) => new(name, types[name]);
    }
}
