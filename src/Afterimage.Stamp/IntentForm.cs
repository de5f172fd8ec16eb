using System.Globalization;
using Amazon.DynamoDBv2.Model;

namespace Afterimage.Stamp;

/// <summary>Where things lie in the trail's table that a transaction writes beside the item: formats 1 and 2 of intents, which the trail's workers read.</summary>
internal static class IntentForm
{
    /// <summary>In how many parts the intents of a table lie, since one part takes 1,000 write units a second.</summary>
    public const int Stripes = 8;

    public const string Partition = "pk";
    public const string Sort = "sk";

    private const string Removes = "/REMOVE";

    /// <summary>The trail's row of a table.</summary>
    public static Dictionary<string, AttributeValue> Row(string table) => Key("tables", table);

    /// <summary>What an intent is named by: a delete bears the nonce of the mark before it, which has an intent of its own.</summary>
    public static string NameOf(string nonce, bool removes) => removes ? nonce + Removes : nonce;

    /// <summary>Where an intent lies.</summary>
    public static Dictionary<string, AttributeValue> Intent(string table, string name) => Key($"intents {table}/{(name[0] % Stripes).ToString(CultureInfo.InvariantCulture)}", name);

    /// <summary>Where a part of an intent's images lies: where nobody looks who looks for intents, and each under a key of its own, since a part alone takes 560 write units.</summary>
    public static Dictionary<string, AttributeValue> Part(string table, string name, int at) => Key($"intents {table}/parts/{name}/{at.ToString(CultureInfo.InvariantCulture)}", "part");

    /// <summary>Where the number of an item's last change lies.</summary>
    /// <param name="table">The audited table.</param>
    /// <param name="item">The hash of table and key.</param>
    public static Dictionary<string, AttributeValue> Counter(string table, string item) => Key($"counter {table}/{item}", "last");

    private static Dictionary<string, AttributeValue> Key(string partition, string sort) => new(StringComparer.Ordinal) { [Partition] = new(partition), [Sort] = new(sort) };
}
