using System.Globalization;
using Amazon.DynamoDBv2.Model;

namespace Afterimage.Stamp;

/// <summary>A stamp as the attribute holds it (format 1).</summary>
internal sealed record StampValue(Author Author, string Time, string Nonce, string Item, bool Deletes)
{
    public const string NonceName = "nonce";

    /// <summary>Whether the change is committed in one transaction with an intent that tells of it.</summary>
    public bool InTransaction { get; init; }

    /// <summary>A moment as stamps write it: UTC, with milliseconds.</summary>
    public static string TimeText(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>The nonce of an item's stamp; null where there is none.</summary>
    public static string? NonceOf(IReadOnlyDictionary<string, AttributeValue>? item, string attribute) =>
        item?.GetValueOrDefault(attribute)?.M?.GetValueOrDefault(NonceName)?.S;

    public AttributeValue ToAttribute()
    {
        var members = new Dictionary<string, AttributeValue>(StringComparer.Ordinal) { ["v"] = new() { N = "1" } };
        Add("actor", Author.Actor);
        Add("service", Author.Service);
        Add("reason", Author.Reason);
        Add("request", Author.Request);
        Add("time", Time);
        Add(NonceName, Nonce);
        Add("item", Item);
        if (Deletes)
        {
            members["deletes"] = new() { BOOL = true };
        }

        if (InTransaction)
        {
            members["tx"] = new() { BOOL = true };
        }

        return new() { M = members };

        void Add(string name, string? text)
        {
            if (text is not null)
            {
                members[name] = new(text);
            }
        }
    }
}
