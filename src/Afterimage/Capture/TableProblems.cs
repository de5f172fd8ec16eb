using Afterimage.Entries;
using Afterimage.Streams.Aws;
using Afterimage.Streams.Records;
using Afterimage.Trail;

namespace Afterimage.Capture;

/// <summary>What stands in the way of following a table, and what cannot be known of one that is followed.</summary>
internal static class TableProblems
{
    public static Problem NotThere(string table) => new($"There is no table '{table}'.", "Check the name, --region, --profile and --endpoint.");

    public static Problem NoStream(string table) => new($"{table} has no stream, so its changes cannot be followed.", $"afterimage enable {table}");

    public static Problem Disabled(string table) => new($"{table} was disabled in this trail.", $"afterimage enable {table}");

    public static Problem NothingFits(string pattern, IReadOnlyCollection<string> there) => new(
        $"No table fits '{pattern}'.",
        $"There are {there.Count} tables{(there.Count == 0 ? string.Empty : $": {string.Join(", ", there.Take(10))}")}. Check --region, --profile and --endpoint.");

    /// <summary>What must be mended before the table can be followed.</summary>
    /// <param name="table">The table.</param>
    /// <param name="rules">What is configured for it.</param>
    /// <param name="streams">The streams that the trail, or another line of the configuration, has under the same name.</param>
    public static IEnumerable<Problem> Of(TableDescription table, TableRules rules, IEnumerable<StreamArn> streams)
    {
        // A key is what an entry is found by: it stands in every entry as it is.
        foreach (var path in rules.Redact.Where(path => table.Keys.Any(key => key.Name == path.Segments[0])))
        {
            yield return new Problem($"{path} of {table.Name} is part of the key, which cannot be redacted.", "Take it out of \"redact\": entries are found by their keys.");
        }

        // A trail finds entries by their tables' names.
        if (streams.FirstOrDefault(one => !one.Value.StartsWith($"{table.Arn}/", StringComparison.Ordinal)) is { Value: not null } stranger)
        {
            yield return new Problem(
                $"{table.Name} is {table.Arn}, and this trail follows another table of that name: {stranger.Value.Split("/stream/")[0]}.",
                "Keep tables of one name from several accounts or regions in trails of their own (--trail).");
        }
    }

    /// <summary>Why changes of the table cannot become entries by the transactions that they are made in; null if they can.</summary>
    public static Problem? OfTransactions(TableDescription table) => table switch
    {
        { StreamEnabled: true, ViewType: not "NEW_AND_OLD_IMAGES" } => new Problem(
            $"The stream of {table.Name} carries {table.ViewType}: its records cannot be told to be those of transactions.", "Switch the stream off, then on with NEW_AND_OLD_IMAGES: afterimage enable does that."),
        _ => null,
    };

    /// <summary>Why the stamps of transactions cannot be read; null if they can, or if none are expected.</summary>
    public static Problem? OfStamps(TrailTable? known, TableRules rules) => known is { Followed: true, Transactions: not null } && rules.Stamp != WriterStamp.Attribute
        ? new Problem(
            $"{known.Name} is written by transactions, whose stamps are in {WriterStamp.Attribute}, and its stamps are configured to be read from {rules.Stamp}.",
            $"Take \"stamp\" out of what is configured for the table, or the table out of transactions: afterimage disable {known.Name}")
        : null;

    /// <summary>Why a table whose changes come by transactions alone cannot get a stream; null if it can.</summary>
    public static Problem? OfStream(TableDescription table, TrailTable? known) => known is { Followed: true, Transactions.Intake: not null } && table.StreamEnabled
        ? new Problem(
            $"{table.Name} is audited by its transactions alone in this trail, and now it has a stream: each change would be told of twice.",
            $"Once afterimage status says that no intents wait: afterimage disable {table.Name}, then afterimage enable {table.Name} --transactions")
        : null;

    /// <summary>What its entries will lack.</summary>
    public static string? WarningOf(TableDescription table) => table switch
    {
        { StreamEnabled: false } => $"The stream of {table.Name} is switched off: what it still holds is read, new changes are not seen. To switch it on: afterimage enable {table.Name}",
        { ViewType: "NEW_AND_OLD_IMAGES" } => null,
        _ => table.ViewType switch
        {
            "NEW_IMAGE" => $"The stream of {table.Name} carries new images only: what an item was before cannot be known, so modifications and removals have no differences.",
            "OLD_IMAGE" => $"The stream of {table.Name} carries old images only: what an item became cannot be known, so insertions and modifications have no differences.",
            _ => $"The stream of {table.Name} carries keys only: entries say which item changed and when, not what.",
        } + " Set NEW_AND_OLD_IMAGES on the table's stream to know more.",
    };

    /// <summary>The trail's row of a table that is followed.</summary>
    /// <param name="table">The table.</param>
    /// <param name="stream">The newest of its streams that was begun, or is to be the first.</param>
    public static TrailTable Row(TableDescription table, StreamArn? stream)
    {
        var keys = table.Keys.Select(key => new Trail.KeyAttribute(key.Name, Enum.Parse<AttributeKind>(key.Type))).ToList();
        return new TrailTable(table.Name, keys[0], keys.Count > 1 ? keys[1] : null, stream, Followed: true);
    }
}
