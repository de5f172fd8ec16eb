using System.Collections.Concurrent;
using System.Text;
using Afterimage.Entries;
using Afterimage.Trail.DynamoDb.Table;

namespace Afterimage.Trail.DynamoDb;

/// <summary>The rules that entries were ever read by: each is kept once, and entries name it by its hash.</summary>
internal sealed class RulesBook(IItemTable table)
{
    private readonly ConcurrentDictionary<string, string> texts = new(StringComparer.Ordinal);

    /// <summary>Keeps rules, unless they are there.</summary>
    /// <returns>Their hash.</returns>
    public async Task<string> KeepAsync(TableRules rules, CancellationToken ct)
    {
        var text = RulesText.Of(rules);
        var hash = EntryItems.HashOf(Encoding.UTF8.GetBytes(text));
        if (!texts.ContainsKey(hash))
        {
            // Whoever writes it writes the same.
            await table.PutManyAsync([NewItem.Of(Layout.RulesOf(hash), ("text", AttributeValue.String(text)))], ct);
            texts[hash] = text;
        }

        return hash;
    }

    /// <summary>The text of rules; empty where the trail has lost it.</summary>
    public async Task<string> TextAsync(string hash, CancellationToken ct) => texts.TryGetValue(hash, out var known) ? known
        : await table.GetAsync(Layout.RulesOf(hash), ct) is { } item ? texts[hash] = item.Text("text")
        : string.Empty;
}
