using System.Globalization;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

namespace Afterimage.App.Demo;

/// <summary>A shop whose services and people change orders: the audited application of the demo.</summary>
/// <param name="client">The way to the table.</param>
/// <param name="time">The time the shop writes on its orders.</param>
/// <param name="random">Who does what next.</param>
internal sealed class OrdersShop(IAmazonDynamoDB client, TimeProvider time, Random random)
{
    public const string Table = "Orders";

    private const string Web = "shop-web";
    private const string Billing = "billing-service";
    private const string Warehouse = "warehouse-service";
    private static readonly string[] People = ["alice@example.com", "bob@example.com", "carol@example.com"];
    private static readonly string[] Wares = ["Laptop", "Keyboard", "Desk lamp", "Notebook", "Headphones"];

    private readonly List<Order> orders = [];
    private int placed;

    /// <summary>The order whose history is shown: it goes all the way.</summary>
    public const string FirstOrder = "order-1001";

    /// <summary>Makes the table, with a stream of both images and a time to live.</summary>
    public async Task OpenAsync(CancellationToken ct)
    {
        await client.CreateTableAsync(
            new CreateTableRequest
            {
                TableName = Table,
                AttributeDefinitions = [new AttributeDefinition("order_id", ScalarAttributeType.S)],
                KeySchema = [new KeySchemaElement("order_id", KeyType.HASH)],
                BillingMode = BillingMode.PAY_PER_REQUEST,
                StreamSpecification = new StreamSpecification { StreamEnabled = true, StreamViewType = StreamViewType.NEW_AND_OLD_IMAGES },
            },
            ct);
        await client.UpdateTimeToLiveAsync(
            new UpdateTimeToLiveRequest { TableName = Table, TimeToLiveSpecification = new TimeToLiveSpecification { Enabled = true, AttributeName = "expiresAt" } },
            ct);
    }

    /// <summary>Makes the next change and says how many records it gives.</summary>
    /// <param name="most">No more than so many; null is without end.</param>
    /// <param name="ct">Abandons it.</param>
    public Task<int> NextAsync(int? most, CancellationToken ct) => (placed, orders) switch
    {
        (0, _) => AbandonCartAsync(ct),
        ( < 3, _) => PlaceAsync(ct),
        (_, { Count: < 2 }) => PlaceAsync(ct),
        _ when orders.Find(order => order.Id == FirstOrder && order.Status != "SHIPPED") is { } first && random.Next(3) == 0 => AdvanceAsync(first, ct),
        _ => random.Next(10) switch
        {
            < 3 => PlaceAsync(ct),
            < 7 => AdvanceAsync(orders[random.Next(orders.Count)], ct),
            7 => ChangeQuantityAsync(orders[random.Next(orders.Count)], ct),
            8 when most is not 1 => MoveItemAsync(ct),
            _ => CancelAsync(ct),
        },
    };

    private async Task<int> AbandonCartAsync(CancellationToken ct)
    {
        // A cart that nobody came back to: DynamoDB deletes it by itself some seconds later, and says so in the stream.
        placed++;
        var item = NewOrder("cart-7", "OPEN", People[0]);
        item["expiresAt"] = new AttributeValue { N = time.GetUtcNow().AddMinutes(-1).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture) };
        await client.PutItemAsync(Table, item, ct);
        return 1;
    }

    private async Task<int> PlaceAsync(CancellationToken ct)
    {
        var order = new Order($"order-{1000 + placed++}", "PLACED", 1 + random.Next(3));
        orders.Add(order);
        var item = NewOrder(order.Id, order.Status, People[random.Next(People.Length)]);
        item["lines"] = new AttributeValue { L = [new AttributeValue { M = Line(Wares[random.Next(Wares.Length)], order.Quantity) }] };
        await client.PutItemAsync(Table, item, ct);
        return 1;
    }

    private async Task<int> AdvanceAsync(Order order, CancellationToken ct)
    {
        var (status, by) = order.Status switch
        {
            "PLACED" => ("PAID", Billing),
            "PAID" => ("PACKED", Warehouse),
            "PACKED" => ("SHIPPED", Warehouse),
            "SHIPPED" => ("RETURNED", People[random.Next(People.Length)]),
            "RETURNED" => ("REFUNDED", Billing),
            _ => ("PLACED", Web),
        };
        order.Status = status;
        await UpdateAsync(order, "SET #s = :s", new() { ["#s"] = "status" }, new() { [":s"] = new AttributeValue(status) }, by, ct);
        return 1;
    }

    private async Task<int> ChangeQuantityAsync(Order order, CancellationToken ct)
    {
        order.Quantity++;
        var quantity = new AttributeValue { N = order.Quantity.ToString(CultureInfo.InvariantCulture) };
        await UpdateAsync(order, "SET #l[0].#q = :q", new() { ["#l"] = "lines", ["#q"] = "quantity" }, new() { [":q"] = quantity }, People[random.Next(People.Length)], ct);
        return 1;
    }

    // One transaction, two records: the note moves from one order to another.
    private async Task<int> MoveItemAsync(CancellationToken ct)
    {
        var from = orders[random.Next(orders.Count)];
        var to = orders.First(order => order.Id != from.Id);
        var by = People[random.Next(People.Length)];
        var note = new AttributeValue($"merged {from.Id} into {to.Id}");
        await client.TransactWriteItemsAsync(
            new TransactWriteItemsRequest { TransactItems = [new TransactWriteItem { Update = Note(from, note, by) }, new TransactWriteItem { Update = Note(to, note, by) }] },
            ct);
        return 2;
    }

    private async Task<int> CancelAsync(CancellationToken ct)
    {
        var candidates = orders.Where(order => order.Id != FirstOrder).ToList();
        var order = candidates[random.Next(candidates.Count)];
        orders.Remove(order);
        await client.DeleteItemAsync(Table, Key(order), ct);
        return 1;
    }

    private Update Note(Order order, AttributeValue note, string by) => new()
    {
        TableName = Table,
        Key = Key(order),
        UpdateExpression = "SET #n = :n, updatedBy = :by, updatedAt = :at",
        ExpressionAttributeNames = new() { ["#n"] = "note" },
        ExpressionAttributeValues = new() { [":n"] = note, [":by"] = new AttributeValue(by), [":at"] = Now() },
    };

    private Task<UpdateItemResponse> UpdateAsync(
        Order order, string expression, Dictionary<string, string> names, Dictionary<string, AttributeValue> values, string by, CancellationToken ct)
    {
        values[":by"] = new AttributeValue(by);
        values[":at"] = Now();
        return client.UpdateItemAsync(
            new UpdateItemRequest
            {
                TableName = Table,
                Key = Key(order),
                UpdateExpression = $"{expression}, updatedBy = :by, updatedAt = :at",
                ExpressionAttributeNames = names,
                ExpressionAttributeValues = values,
            },
            ct);
    }

    private Dictionary<string, AttributeValue> NewOrder(string id, string status, string customer) => new()
    {
        ["order_id"] = new AttributeValue(id),
        ["status"] = new AttributeValue(status),
        ["customer"] = new AttributeValue(customer),
        ["total"] = new AttributeValue { N = (9.9m + random.Next(200)).ToString(CultureInfo.InvariantCulture) },
        ["updatedBy"] = new AttributeValue(Web),
        ["updatedAt"] = Now(),
    };

    private static Dictionary<string, AttributeValue> Line(string ware, int quantity) => new()
    {
        ["ware"] = new AttributeValue(ware),
        ["quantity"] = new AttributeValue { N = quantity.ToString(CultureInfo.InvariantCulture) },
    };

    private static Dictionary<string, AttributeValue> Key(Order order) => new() { ["order_id"] = new AttributeValue(order.Id) };

    // To the tick, so that each write differs from the one before.
    private AttributeValue Now() => new(time.GetUtcNow().UtcDateTime.ToString("O", CultureInfo.InvariantCulture));

    private sealed class Order(string id, string status, int quantity)
    {
        public string Id { get; } = id;

        public string Status { get; set; } = status;

        public int Quantity { get; set; } = quantity;
    }
}
