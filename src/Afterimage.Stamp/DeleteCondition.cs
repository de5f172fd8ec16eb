using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

namespace Afterimage.Stamp;

/// <summary>A condition expression with what its placeholders stand for.</summary>
internal sealed record DeleteCondition(string? Text, IReadOnlyDictionary<string, string> Names, IReadOnlyDictionary<string, AttributeValue> Values)
{
    /// <summary>The condition of a delete; null where it is in the legacy form and not one of its simple cases.</summary>
    public static DeleteCondition? Of(DeleteItemRequest request) => request switch
    {
        // DynamoDB refuses to join fewer than two, and either form beside the other.
        { ConditionalOperator: not null, Expected: null or { Count: < 2 } } => null,
        { Expected: { Count: > 0 } expected, ConditionExpression: null, ExpressionAttributeNames: null or { Count: 0 }, ExpressionAttributeValues: null or { Count: 0 } } => OfExpected(expected, request.ConditionalOperator ?? ConditionalOperator.AND),
        { Expected.Count: > 0 } => null,
        _ => Of(request.ConditionExpression, request.ExpressionAttributeNames, request.ExpressionAttributeValues),
    };

    public static DeleteCondition Of(string? text, Dictionary<string, string>? names, Dictionary<string, AttributeValue>? values) =>
        new(text, names ?? [], values ?? []);

    /// <summary>Both this and another that uses the placeholders <c>#stem…</c> and <c>:stem…</c>, which are free.</summary>
    public DeleteCondition And(Func<string, (string Text, Dictionary<string, string> Names, Dictionary<string, AttributeValue> Values)> other)
    {
        var (text, names, values) = other(FreeStem());
        return new DeleteCondition(
            Text is null ? text : $"({Text}) AND {text}",
            new Dictionary<string, string>(Names.Concat(names), StringComparer.Ordinal),
            new Dictionary<string, AttributeValue>(Values.Concat(values), StringComparer.Ordinal));
    }

    /// <summary>And the item exists, or does not.</summary>
    public DeleteCondition AndItem(bool exists, string keyAttribute) => And(stem => (
        exists ? $"attribute_exists(#{stem}k)" : $"attribute_not_exists(#{stem}k)",
        new(StringComparer.Ordinal) { [$"#{stem}k"] = keyAttribute },
        []));

    /// <summary>And the mark still stands.</summary>
    public DeleteCondition AndNonce(string attribute, string nonce) => And(stem => (
        $"#{stem}a.#{stem}n = :{stem}n",
        new(StringComparer.Ordinal) { [$"#{stem}a"] = attribute, [$"#{stem}n"] = StampValue.NonceName },
        new(StringComparer.Ordinal) { [$":{stem}n"] = new(nonce) }));

    public string FreeStem() => Expressions.FreeStem([Text, .. Names.Keys, .. Values.Keys]);

    /// <summary>The same delete on this condition. It always asks for the item that failed it: that tells why it failed.</summary>
    public DeleteItemRequest On(DeleteItemRequest given)
    {
        var request = Copy.Of(given);
        (request.Expected, request.ConditionalOperator) = (null, null);
        request.ConditionExpression = Text;
        request.ExpressionAttributeNames = Names.Count == 0 ? null : new(Names, StringComparer.Ordinal);
        request.ExpressionAttributeValues = Values.Count == 0 ? null : new(Values, StringComparer.Ordinal);
        request.ReturnValuesOnConditionCheckFailure = ReturnValuesOnConditionCheckFailure.ALL_OLD;
        return request;
    }

    // Those whose meaning is the same in both forms: equal to a value, there, not there. Version checks of the object model are among them.
    private static DeleteCondition? OfExpected(Dictionary<string, ExpectedAttributeValue> expected, ConditionalOperator join)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        var values = new Dictionary<string, AttributeValue>(StringComparer.Ordinal);
        var terms = new List<string>();
        foreach (var (attribute, wanted) in expected)
        {
            var name = $"#e{terms.Count}";
            var (term, value) = Term(name, $":e{terms.Count}", wanted);
            if (term is null)
            {
                return null;
            }

            terms.Add(term);
            names[name] = attribute;
            if (value is not null)
            {
                values[$":e{terms.Count - 1}"] = value;
            }
        }

        return new DeleteCondition(string.Join($" {join.Value} ", terms), names, values);
    }

    private static (string? Term, AttributeValue? Value) Term(string name, string placeholder, ExpectedAttributeValue wanted) => wanted switch
    {
        { ComparisonOperator: null, AttributeValueList: null or { Count: 0 }, Exists: false, Value: null } => ($"attribute_not_exists({name})", null),
        { ComparisonOperator: null, AttributeValueList: null or { Count: 0 }, Exists: not false, Value: { } value } => ($"{name} = {placeholder}", value),
        { Exists: not null } or { Value: not null } => (null, null),
        { ComparisonOperator.Value: "EQ", AttributeValueList: [{ } value] } => ($"{name} = {placeholder}", value),
        { ComparisonOperator.Value: "NULL", AttributeValueList: null or { Count: 0 } } => ($"attribute_not_exists({name})", null),
        { ComparisonOperator.Value: "NOT_NULL", AttributeValueList: null or { Count: 0 } } => ($"attribute_exists({name})", null),
        _ => (null, null),
    };
}
