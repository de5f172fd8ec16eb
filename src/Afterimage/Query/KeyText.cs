using System.Text;
using Afterimage.Entries;
using Afterimage.Trail;

namespace Afterimage.Query;

/// <summary>Keys as people write them: <c>order_id=123</c>, <c>UserId=u1,OrderId=o1</c>, the partition key alone, or DynamoDB JSON.</summary>
public static class KeyText
{
    /// <summary>Reads a key of a table.</summary>
    /// <exception cref="UsageException">The text names other attributes than the table's key, or a value is not of the attribute's type.</exception>
    public static AttributeMap Parse(string text, TrailTable table)
    {
        var values = text.TrimStart().StartsWith('{') ? FromJson(text, table) : FromPairs(text, table);
        var wanted = table.SortKey is { } sort ? new[] { table.PartitionKey, sort } : [table.PartitionKey];
        if (values.Keys.FirstOrDefault(name => wanted.All(key => key.Name != name)) is { } stranger)
        {
            throw Wrong($"'{stranger}' is not part of the key of {table.Name}.", table);
        }

        if (!values.ContainsKey(table.PartitionKey.Name))
        {
            throw Wrong($"The key of {table.Name} needs its partition key {table.PartitionKey.Name}.", table);
        }

        foreach (var key in wanted)
        {
            if (values.TryGetValue(key.Name, out var value) && value.Kind != key.Kind)
            {
                throw Wrong($"{key.Name} of {table.Name} is {Called(key.Kind)}, not {Called(value.Kind)}.", table);
            }
        }

        return values;
    }

    /// <summary>A key as people write it.</summary>
    public static string Format(AttributeMap keys) => string.Join(",", keys.Select(key => $"{key.Key}={key.Value.Text}"));

    private static AttributeMap FromJson(string text, TrailTable table)
    {
        try
        {
            return DynamoDbJson.ReadMap(Encoding.UTF8.GetBytes(text));
        }
        catch (FormatException)
        {
            throw Wrong("The key is not DynamoDB JSON.", table);
        }
    }

    // Values may hold commas and equals signs: only ",NAME=" of a key attribute ends a value.
    private static AttributeMap FromPairs(string text, TrailTable table)
    {
        var names = new List<string> { table.PartitionKey.Name };
        if (table.SortKey is { } sort)
        {
            names.Add(sort.Name);
        }

        var starts = names
            .Select(name => (Name: name, At: text.StartsWith($"{name}=", StringComparison.Ordinal) ? 0 : text.IndexOf($",{name}=", StringComparison.Ordinal) + 1))
            .Where(start => start.At > 0 || text.StartsWith($"{start.Name}=", StringComparison.Ordinal))
            .OrderBy(start => start.At)
            .ToList();
        if (starts.Count == 0 || starts[0].At != 0)
        {
            throw Wrong($"'{text}' is not a key of {table.Name}.", table);
        }

        return new AttributeMap(starts.Select((start, index) =>
        {
            var end = index + 1 < starts.Count ? starts[index + 1].At - 1 : text.Length;
            return KeyValuePair.Create(start.Name, Value(text[(start.At + start.Name.Length + 1)..end], start.Name, table));
        }));
    }

    private static AttributeValue Value(string text, string name, TrailTable table)
    {
        var key = name == table.PartitionKey.Name ? table.PartitionKey : table.SortKey!;
        try
        {
            return key.Kind switch
            {
                AttributeKind.N => AttributeValue.Number(text),
                AttributeKind.B => AttributeValue.Binary(text),
                _ => AttributeValue.String(text),
            };
        }
        catch (FormatException)
        {
            throw Wrong($"{name} of {table.Name} is {Called(key.Kind)}; '{text}' is none.", table);
        }
    }

    private static UsageException Wrong(string what, TrailTable table)
    {
        var example = $"{table.PartitionKey.Name}={Sample(table.PartitionKey.Kind)}" + (table.SortKey is { } sort ? $",{sort.Name}={Sample(sort.Kind)}" : string.Empty);
        return new UsageException(what, table.SortKey is null ? $"Write it as {example}." : $"Write it as {example}, or the partition key alone.");
    }

    private static string Sample(AttributeKind kind) => kind switch
    {
        AttributeKind.N => "123",
        AttributeKind.B => "BASE64",
        _ => "TEXT",
    };

    private static string Called(AttributeKind kind) => kind switch
    {
        AttributeKind.S => "a string (S)",
        AttributeKind.N => "a number (N)",
        AttributeKind.B => "bytes as padded base64 (B)",
        _ => $"of type {kind}",
    };
}
