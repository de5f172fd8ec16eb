using System.Globalization;
using System.Text.Json;
using Afterimage.Entries;

namespace Afterimage.Trail.DynamoDb.Table;

/// <summary>The expressions of one request. Names and values go in beside them, so that none can be mistaken for a word of the language.</summary>
internal sealed class Expressions
{
    private readonly List<string> names = [];
    private readonly List<AttributeValue> values = [];

    /// <summary>All of the terms, joined; null where there are none.</summary>
    public string? All(IReadOnlyList<Term> terms) => terms.Count == 0 ? null : string.Join(" AND ", terms.Select(One));

    /// <summary>A list of attributes; null stands for all of them.</summary>
    public string? Projection(IReadOnlyList<string>? attributes) => attributes is null ? null : string.Join(", ", attributes.Select(Name));

    /// <summary>What an update does.</summary>
    public string Of(ItemWrite.Update update)
    {
        var set = update.Set.Where(one => one.Value is not null).Select(one => $"{Name(one.Name)} = {Value(one.Value!)}").ToList();
        var removed = update.Set.Where(one => one.Value is null).Select(one => Name(one.Name)).ToList();
        var added = update.Add.Select(one => $"{Name(one.Name)} {Value(Cell.Of(one.By))}").ToList();
        var clauses = new (string Word, List<string> Parts)[] { ("SET ", set), ("REMOVE ", removed), ("ADD ", added) };
        return string.Join(' ', clauses.Where(clause => clause.Parts.Count > 0).Select(clause => clause.Word + string.Join(", ", clause.Parts)));
    }

    /// <summary>Which keys a query asks for.</summary>
    public string Keys(ItemQuery query)
    {
        var (partition, sort) = query.Index is { } index ? (index.Partition, index.Sort) : (ItemKey.PartitionAttribute, ItemKey.SortAttribute);
        var condition = $"{Name(partition)} = {Value(AttributeValue.String(query.Partition))}";
        return (query.From, query.Through) switch
        {
            ({ } from, { } through) => $"{condition} AND {Name(sort)} BETWEEN {Text(from)} AND {Text(through)}",
            ({ } from, null) => $"{condition} AND {Name(sort)} >= {Text(from)}",
            (null, { } through) => $"{condition} AND {Name(sort)} <= {Text(through)}",
            _ => condition,
        };
    }

    /// <summary>Writes the names and values that were used.</summary>
    public void Write(Utf8JsonWriter writer)
    {
        if (names.Count > 0)
        {
            writer.WriteStartObject("ExpressionAttributeNames"u8);
            for (var at = 0; at < names.Count; at++)
            {
                writer.WriteString(Placeholder('#', at), names[at]);
            }

            writer.WriteEndObject();
        }

        if (values.Count > 0)
        {
            writer.WriteStartObject("ExpressionAttributeValues"u8);
            for (var at = 0; at < values.Count; at++)
            {
                writer.WritePropertyName(Placeholder(':', at));
                DynamoDbJson.Write(writer, values[at]);
            }

            writer.WriteEndObject();
        }
    }

    private string One(Term term) => term.Kind switch
    {
        TermKind.Missing => $"attribute_not_exists({Name(term.Attribute)})",
        TermKind.Present => $"attribute_exists({Name(term.Attribute)})",
        TermKind.Equal => $"{Name(term.Attribute)} = {Value(term.Value!)}",
        TermKind.AtLeast => $"{Name(term.Attribute)} >= {Value(term.Value!)}",
        TermKind.Less => $"{Name(term.Attribute)} < {Value(term.Value!)}",
        TermKind.MissingOrLess => $"(attribute_not_exists({Name(term.Attribute)}) OR {Name(term.Attribute)} < {Value(term.Value!)})",
        _ => throw new ArgumentOutOfRangeException(nameof(term), term.Kind, "There is no such condition."),
    };

    private string Text(string text) => Value(AttributeValue.String(text));

    private string Name(string name)
    {
        var at = names.IndexOf(name);
        if (at < 0)
        {
            names.Add(name);
            at = names.Count - 1;
        }

        return Placeholder('#', at);
    }

    private string Value(AttributeValue value)
    {
        values.Add(value);
        return Placeholder(':', values.Count - 1);
    }

    private static string Placeholder(char sign, int at) => string.Create(CultureInfo.InvariantCulture, $"{sign}{at}");
}
