using System.Globalization;
using Afterimage.Entries;
using Afterimage.Proof;
using Afterimage.Streams.Records;
using Afterimage.Trail.DynamoDb.Table;

namespace Afterimage.Trail.DynamoDb;

/// <summary>
/// Where things lie in the table. Entries lie under <c>TABLE/KEY</c>, everything of the trail's own under a word that no table's name can begin with:
/// names of tables have no space and no slash (API reference, CreateTable).
/// </summary>
internal static class Layout
{
    /// <summary>The version of this layout; another one is refused.</summary>
    public const long Version = 1;

    /// <summary>The streams of which anything is kept.</summary>
    public const string Streams = "streams";

    /// <summary>The tables that the trail follows.</summary>
    public const string Tables = "tables";

    /// <summary>The workers and their beats.</summary>
    public const string Workers = "workers";

    /// <summary>The seals of the log, one item each, by their number.</summary>
    public const string Log = "log";

    /// <summary>The checkpoints by their size.</summary>
    public const string Checkpoints = "checkpoints";

    /// <summary>The leaves of the tree of what was done to the trail, by their place.</summary>
    public const string Administration = "administration";

    /// <summary>What was said about gaps, by the gap's id.</summary>
    public const string Acknowledgements = "acknowledgements";

    private const int IntentStripes = 8;
    private const int PlaceDigits = 16;
    private const int SequenceDigits = 40;

    // What is left of 2,048 bytes when the table's name has its 255, in whole thousands.
    private const int KeyTextMax = 1_000;

    /// <summary>The heads of a tree, by the numbers of their seals.</summary>
    public static string HeadsOf(TreeName tree) => $"heads {tree}";

    /// <summary>What the trail is: its name and the version of its layout.</summary>
    public static ItemKey Trail { get; } = new("trail", "trail");

    /// <summary>The rows of a stream's shards.</summary>
    public static string ShardsOf(StreamArn stream) => $"shards {stream.Value}";

    /// <summary>The row of a shard.</summary>
    public static ItemKey RowOf(StreamArn stream, ShardId shard) => new(ShardsOf(stream), shard.Value);

    /// <summary>The leaves of a shard, some to an item.</summary>
    public static string LeavesOf(StreamArn stream, ShardId shard) => $"leaves {TreeName.Of(stream, shard)}";

    /// <summary>Leaves that were kept together.</summary>
    public static ItemKey BlockOf(StreamArn stream, ShardId shard, long place, string claim) => new(LeavesOf(stream, shard), $"{Place(place)} {claim}");

    /// <summary>The salt key of a shard: all of these begin with one word, by which a policy can keep readers from them.</summary>
    public static ItemKey SaltKeyOf(StreamArn stream, ShardId shard) => new($"key {TreeName.Of(stream, shard)}", "salt");

    /// <summary>Notes of which entries of a stream wait for their places.</summary>
    public static string IntakeOf(StreamArn stream) => $"intake {stream.Value}";

    /// <summary>The notes of a book.</summary>
    public static string NotesOf(string book) => $"notes {book}";

    /// <summary>The parts that intents of a table lie in; applications write them (formats 1 and 2 of intents).</summary>
    public static IEnumerable<string> IntentsOf(string table) => Enumerable.Range(0, IntentStripes).Select(stripe => IntentsOf(table, stripe));

    /// <summary>An intent by its name.</summary>
    public static ItemKey IntentOf(string table, string name) => new(IntentsOf(table, name[0] % IntentStripes), name);

    /// <summary>A part of an intent's images, where those do not fit into it: in no stripe, so that nobody meets it who looks for intents, and kept from readers as they are.</summary>
    public static ItemKey IntentPartOf(string table, string name, int at) => new(string.Create(CultureInfo.InvariantCulture, $"intents {table}/parts/{name}/{at}"), "part");

    /// <summary>Changes of a table whose intents are missing.</summary>
    public static string UnannouncedOf(string table) => $"unannounced {table}";

    /// <summary>Where an entry is, by its id.</summary>
    public static ItemKey PointerOf(EntryId id) => new($"id {id.Value}", "entry");

    /// <summary>Rules that entries are read by, by the hash of their text.</summary>
    public static ItemKey RulesOf(string hash) => new("rules", hash);

    /// <summary>Part of what is kept of an entry that is larger than an item may be, by the hash of the part.</summary>
    public static ItemKey PartOf(string hash) => new($"part {hash}", "part");

    /// <summary>The changes of an item.</summary>
    /// <param name="table">The audited table.</param>
    /// <param name="keyText">The item's key, numbers in their normal form.</param>
    public static string HistoryOf(string table, string keyText) =>
        $"{table}/{(keyText.Length <= KeyTextMax ? keyText : $"sha256:{Sha256Hash.Of(System.Text.Encoding.UTF8.GetBytes(keyText)).ToBase64()}")}";

    /// <summary>Records of a table that could not be read.</summary>
    public static string UnreadableOf(string table) => $"unreadable {table}";

    /// <summary>Entries of a table that no record stands behind: gaps, and what became of its streams.</summary>
    public static string NoticesOf(string table) => $"notices {table}";

    /// <summary>A change's place among those of its item: the table's streams follow each other by label, and within one the sequence numbers.</summary>
    public static string Order(StreamArn stream, SequenceNumber number) => $"{stream.Label} {number.Digits.PadLeft(SequenceDigits, '0')}";

    private static string IntentsOf(string table, int stripe) => string.Create(CultureInfo.InvariantCulture, $"intents {table}/{stripe}");

    /// <summary>A number as text that sorts as numbers do.</summary>
    public static string Place(long place) => place.ToString($"D{PlaceDigits}", CultureInfo.InvariantCulture);
}
