using System.Globalization;
using System.Text;
using Afterimage.Entries;
using Afterimage.Trail;
using Afterimage.Trail.Sqlite;
using Microsoft.Data.Sqlite;

namespace Afterimage.Tests.Verifying;

/// <summary>One stored value is altered at random, again and again: whatever changes an answer is found.</summary>
public sealed class RandomTamperingTests
{
    private const int Alterations = 500;

    private static readonly string[] Columns =
    [
        "entry.time", "entry.table_name", "entry.service", "entry.entity", "entry.tenant", "entry.action", "entry.actor", "entry.attributed", "entry.no", "word.text",
        "word.no", "rules.text", "lookup.key", "lookup.place", "lookup.no", "lookup.span", "block.no", "block.place", "block.leaves", "block.rules", "block.shard", "shard.id",
        "shard.last", "shard.size", "shard.tree", "shard.entries", "shard.finished", "shard.stream", "shard.last_entry_time", "stream.arn", "gap.no", "gap.acknowledged", "gap.reason",
    ];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(11, false)]
    [InlineData(12, true)]
    public async Task Whatever_changes_an_answer_is_found(int seed, bool isRedacted)
    {
        await using var trail = isRedacted ? await SealedTrail.FillAsync(seed, "/a", "/b") : await SealedTrail.FillAsync(seed);
        var backup = trail.BackUp();
        var before = await AnswersAsync(trail);
        var random = new Random(seed);
        var (found, harmless) = (0, 0);
        for (var round = 0; round < Alterations / 2; round++)
        {
            trail.PutBack(backup);
            var what = random.Next(2) == 0 ? AlterLeaf(trail, random) : AlterColumn(trail, random);
            if (what is null)
            {
                round--;
                continue;
            }

            if ((await trail.VerifyAsync()).IsAltered)
            {
                found++;
            }
            else
            {
                (await AnswersAsync(trail)).ShouldBe(before, $"round {round}: {what}");
                harmless++;
            }
        }

        TestContext.Current.SendDiagnosticMessage($"{found} found, {harmless} harmless");
        found.ShouldBeGreaterThan(Alterations / 4, $"{found} found, {harmless} harmless");
    }

    // Everything that show, history and search say of everything.
    private static async Task<string> AnswersAsync(SealedTrail file)
    {
        var said = new StringBuilder();
        try
        {
            await using var trail = await SqliteTrail.OpenAsync("sqlite:trail.db", file.Path, OpenMode.ReadOnly, Ct);
            var keys = new HashSet<string>();
            await foreach (var (entry, cursor) in trail.SearchAsync(new SearchFilter(), Ct))
            {
                said.Append(cursor.Value).AppendLine(EntryJson.ToText(entry));
                said.AppendLine(await trail.FindAsync(entry.Id, Ct) is { } shown ? EntryJson.ToText(shown) : "not shown");
                if (entry.Keys is { } key && keys.Add(CanonicalText.Of(key)))
                {
                    await AddHistoryAsync(trail, key, said);
                    await AddHistoryAsync(trail, new AttributeMap(key.Where(member => member.Key == "id")), said);
                }
            }

            foreach (var filter in new SearchFilter[] { new() { Actor = "alice" }, new() { Entity = "order" }, new() { Service = "orders" }, new() { Table = "Orders", Action = ChangeAction.Modify } })
            {
                await foreach (var (entry, _) in trail.SearchAsync(filter, Ct))
                {
                    said.Append(entry.Id.Value).Append(' ');
                }
            }

            foreach (var gap in await trail.GapsAsync(Ct))
            {
                said.AppendLine(CultureInfo.InvariantCulture, $"{gap.Entry.Id} {gap.Acknowledged} {gap.Reason}");
            }
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            said.AppendLine(CultureInfo.InvariantCulture, $"failed: {e.GetType()}");
        }

        return said.ToString();
    }

    private static async Task AddHistoryAsync(SqliteTrail trail, AttributeMap key, StringBuilder said)
    {
        await foreach (var entry in trail.HistoryAsync(new HistoryFilter("Orders", key, Reverse: false, Since: null), Ct))
        {
            said.Append(entry.Id.Value).Append(' ');
        }
    }

    // One byte of a leaf's text or of an entry's body, which may be one of a length.
    private static string AlterLeaf(SealedTrail trail, Random random)
    {
        var no = (long)trail.Ask($"SELECT no FROM block ORDER BY no LIMIT 1 OFFSET {random.Next((int)(long)trail.Ask("SELECT count(*) FROM block")!)}")!;
        var what = string.Empty;
        trail.AlterBlock(no, (texts, bodies) =>
        {
            var parts = random.Next(4) == 0 ? texts : bodies;
            var at = random.Next(parts.Count);
            if (parts[at].Length == 0)
            {
                parts[at] = [4];
                what = $"block {no}, leaf {at} got a body";
                return;
            }

            var place = random.Next(random.Next(3) == 0 ? Math.Min(40, parts[at].Length) : parts[at].Length);
            var old = parts[at][place];
            parts[at][place] ^= (byte)(1 << random.Next(8));
            what = $"block {no}, {(parts == texts ? "text" : "body")} {at}, byte {place}: {old} to {parts[at][place]}";
        });
        return what;
    }

    private static string? AlterColumn(SealedTrail trail, Random random)
    {
        var column = Columns[random.Next(Columns.Length)];
        var (table, name) = (column.Split('.')[0], column.Split('.')[1]);
        var count = (long)trail.Ask($"SELECT count(*) FROM {table}")!;
        var order = table == "lookup" ? "span, key, place, no" : "no";
        var row = random.Next((int)count);
        var value = trail.Ask($"SELECT {name} FROM {table} ORDER BY {order} LIMIT 1 OFFSET {row}");
        object? other = value switch
        {
            null or DBNull => 1L,
            long number => random.Next(3) == 0 ? number + 1 : random.Next(2) == 0 ? number - 1 : number + random.Next(-50, 50),
            string text => text.Length == 0 ? "x" : string.Concat(text.AsSpan(0, text.Length - 1), text[^1] == 'x' ? "y" : "x"),
            byte[] bytes => bytes.Length == 0 ? [1] : (byte[])[.. bytes[..^1], (byte)(bytes[^1] ^ 1)],
            _ => null,
        };
        try
        {
            var isIn = table == "lookup" ? "(span, key, place, no) IN" : "no IN";
            var changed = trail.Alter($"UPDATE {table} SET {name} = $1 WHERE {isIn} (SELECT {order} FROM {table} ORDER BY {order} LIMIT 1 OFFSET {row})", other);
            return changed == 0 || Equals(value, other) ? null : $"{column} of row {row}: {value} to {other}";
        }
        catch (SqliteException)
        {
            // Such a row there is already, or the column does not take such a value.
            return null;
        }
    }
}
