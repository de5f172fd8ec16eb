using System.Text;
using Afterimage.Entries;
using Afterimage.Proof;
using Afterimage.Trail.DynamoDb.Table;

namespace Afterimage.Trail.DynamoDb;

/// <summary>The indexes of the table: three, since each is paid for with every entry.</summary>
internal static class Indexes
{
    /// <summary>In how many parts an audited table's, or an actor's, entries lie in the indexes by time. One part takes 1,000 entries a second.</summary>
    public const int Stripes = 8;

    /// <summary>The items under one partition key, in the order of their changes. Only of tables that have a sort key: elsewhere the item is the partition.</summary>
    public static TableIndex ByPartition { get; } = new("byPartition", "partition", ItemKey.SortAttribute);

    /// <summary>The entries of an audited table by time.</summary>
    public static TableIndex ByTime { get; } = new("byTime", "tableStripe", "at");

    /// <summary>What an actor did by time.</summary>
    public static TableIndex ByActor { get; } = new("byActor", "actorStripe", "at");

    /// <summary>What the indexes by time hold besides keys: enough to pass over what is not wanted.</summary>
    public static IReadOnlyList<string> Filtered { get; } = ["kind", "table", "service", "entity", "tenant", "action", "actor"];

    /// <summary>The stripe of something that an item's entries lie in.</summary>
    /// <param name="of">A table or an actor.</param>
    /// <param name="partition">Where the entry lies in the table.</param>
    public static string StripeOf(string of, string partition) => StripeOf(of, Sha256Hash.Of(Encoding.UTF8.GetBytes(partition)).Bytes[0] % Stripes);

    /// <summary>All stripes of a table or an actor.</summary>
    public static IEnumerable<string> StripesOf(string of) => Enumerable.Range(0, Stripes).Select(stripe => StripeOf(of, stripe));

    /// <summary>A place in the order by time: no two entries share one.</summary>
    public static string At(DateTimeOffset time, EntryId id) => $"{Cell.Text(time)}/{id.Value}";

    private static string StripeOf(string of, int stripe) => $"{stripe} {of}";
}
