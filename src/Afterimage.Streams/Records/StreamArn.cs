using System.Globalization;

namespace Afterimage.Streams.Records;

/// <summary>
/// Names one stream of one table. A table whose stream was switched off and on again has another one.
/// </summary>
/// <remarks>
/// <c>arn:aws:dynamodb:REGION:ACCOUNT:table/TABLE/stream/LABEL</c>; the label is the moment the stream was made, so
/// that the ARNs of one table sort in the order of their making.
/// </remarks>
public readonly record struct StreamArn
{
    /// <summary>Reads an ARN.</summary>
    /// <exception cref="FormatException">The text is not the ARN of a table's stream.</exception>
    public StreamArn(string value)
    {
        var parts = value.Split(':', 6);
        var path = parts.Length == 6 ? parts[5].Split('/') : [];
        if (path is not ["table", { Length: > 0 }, "stream", { Length: > 0 }] || parts[0] != "arn")
        {
            throw new FormatException($"'{value}' is not the ARN of a DynamoDB stream (arn:aws:dynamodb:REGION:ACCOUNT:table/NAME/stream/LABEL).");
        }

        Value = value;
        Region = parts[3];
        Account = parts[4];
        Table = path[1];
        Label = path[3];
    }

    /// <summary>The whole ARN.</summary>
    public string Value { get; }

    /// <summary>The region the table lies in; DynamoDB Local writes <c>ddblocal</c>.</summary>
    public string Region { get; }

    /// <summary>The account that owns the table.</summary>
    public string Account { get; }

    /// <summary>The table's name.</summary>
    public string Table { get; }

    /// <summary>The moment the stream was made, as DynamoDB writes it.</summary>
    public string Label { get; }

    /// <summary>The same moment; null where the label is none.</summary>
    public DateTimeOffset? MadeAt => DateTimeOffset.TryParse(Label, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment) ? moment : null;

    /// <inheritdoc/>
    public override string ToString() => Value;
}
