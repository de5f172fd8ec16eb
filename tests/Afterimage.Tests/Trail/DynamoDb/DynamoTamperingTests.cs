using Afterimage.Entries;
using Afterimage.Trail;
using Afterimage.Trail.DynamoDb.Table;

namespace Afterimage.Tests.Trail.DynamoDb;

/// <summary>What an insider with the rights of a writer can do to a trail's table, and what verification says about it.</summary>
public sealed class DynamoTamperingTests : IAsyncLifetime
{
    // Nobody is told of these: they say who works on a shard, and are bounds for who goes on.
    private static readonly string[] Unsaid = ["epoch", "owner", "fence", "fencedBy", "digest", "readThrough", "gapFoundAt", "sealed", "sealedRules", "parent", "intake", "beats"];

    private SealedTable table = null!;

    public async ValueTask InitializeAsync() => table = await SealedTable.FillAsync();

    public ValueTask DisposeAsync()
    {
        table.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Whatever_attribute_of_whatever_item_is_altered_is_found_unless_no_answer_hangs_on_it()
    {
        var before = await table.AnswersAsync();
        var unfound = new List<string>();

        // Some of each kind: those of workers, of the intake, and of records that nobody could read differ.
        foreach (var key in table.Keys.GroupBy(key => (key.Partition.Split(' ', '/')[0], table.Item(key).GetValueOrDefault("claim")?.Text)).SelectMany(kind => kind.Take(3)))
        {
            var item = table.Item(key);
            foreach (var (name, value) in item.Where(member => member.Key is not (ItemKey.PartitionAttribute or ItemKey.SortAttribute)))
            {
                foreach (var other in (AttributeValue?[])[Other(value), null])
                {
                    table.Set(key, name, other);
                    var isFound = (await table.VerifyAsync()).IsAltered;
                    if (!isFound && (item.ContainsKey("leaf") || !Unsaid.Contains(name)) && (item.ContainsKey("leaf") || await table.AnswersAsync() != before))
                    {
                        unfound.Add($"{name} of {key}{(other is null ? ", taken away" : string.Empty)}");
                    }

                    table.Set(key, item);
                }
            }
        }

        unfound.ShouldBeEmpty();
    }

    [Fact]
    public async Task Whatever_item_is_deleted_is_found_unless_no_answer_hangs_on_it()
    {
        var before = await table.AnswersAsync();
        var unfound = new List<string>();
        foreach (var key in table.Keys)
        {
            var item = table.Item(key);
            table.Set(key, null);
            if (!(await table.VerifyAsync()).IsAltered && (item.ContainsKey("leaf") || await table.AnswersAsync() != before))
            {
                unfound.Add($"{key}");
            }

            table.Set(key, item);
        }

        unfound.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_entry_that_is_put_beside_another_under_its_claim()
    {
        var key = Entry();
        Copy(key, key with { Sort = key.Sort[..^1] + "x" });

        await table.FoundAsync("and the leaf there is of another");
    }

    [Fact]
    public async Task An_entry_that_is_to_wait_for_its_place_and_nobody_is_to_give_it_one()
    {
        var key = Entry();
        var forged = key with { Sort = key.Sort[..^1] + "x" };
        Copy(key, forged);
        table.Set(forged, "claim", AttributeValue.String("intake"));
        table.Set(forged, "index", AttributeValue.Number("-1"));
        table.Set(forged, "shard", AttributeValue.String(table.Item(key)["shard"].Text.Replace(SealedTable.Shard.Value, TrailShard.Intake.Value, StringComparison.Ordinal)));

        await table.FoundAsync("nobody is to give it one");
    }

    [Fact]
    public async Task A_pointer_that_leads_to_another_entry()
    {
        var pointers = table.Keys.Where(key => key.Partition.StartsWith("id ", StringComparison.Ordinal)).ToList();
        foreach (var name in (string[])["entryPk", "entrySk"])
        {
            table.Set(pointers[0], name, table.Item(pointers[1])[name]);
        }

        await table.FoundAsync("it is not found by its id");
    }

    [Fact]
    public async Task A_block_that_is_put_a_second_time_under_its_claim()
    {
        var key = table.Keys.First(key => key.Partition.StartsWith("leaves ", StringComparison.Ordinal) && key.Partition.EndsWith(SealedTable.Shard.Value, StringComparison.Ordinal));
        Copy(key, key with { Sort = key.Sort.Replace("0000000000000000 ", "0000000000000001 ", StringComparison.Ordinal) });

        await table.FoundAsync("is missing, 1 is the next");
    }

    private ItemKey Entry() => table.Find((key, item) => key.Partition.StartsWith("Orders/", StringComparison.Ordinal) && item["claim"].Text != "intake");

    private void Copy(ItemKey from, ItemKey to) => table.Set(to, new AttributeMap(
    [
        .. table.Item(from).Where(member => member.Key is not (ItemKey.PartitionAttribute or ItemKey.SortAttribute)),
        new(ItemKey.PartitionAttribute, AttributeValue.String(to.Partition)), new(ItemKey.SortAttribute, AttributeValue.String(to.Sort)),
    ]));

    private static byte[] Flipped(byte[] bytes) => [.. bytes[..^1], (byte)(bytes[^1] ^ 1)];

    // Something of the same kind, a little different.
    private static AttributeValue Other(AttributeValue value) => value.Kind switch
    {
        AttributeKind.S => AttributeValue.String(value.Text.Length > 0 && value.Text[^1] == 'x' ? value.Text[..^1] + "y" : value.Text[..Math.Max(0, value.Text.Length - 1)] + "x"),
        AttributeKind.N => AttributeValue.Number(value.Text == "1" ? "2" : "1"),
        AttributeKind.B => Cell.Of(Flipped(Convert.FromBase64String(value.Text))),
        AttributeKind.BOOL => AttributeValue.String("no"),
        AttributeKind.L => AttributeValue.List(value.Items.Count == 0 ? [AttributeValue.String("x")] : [.. value.Items.SkipLast(1)]),
        _ => AttributeValue.Map(new AttributeMap([.. value.Members.Select(member => new KeyValuePair<string, AttributeValue>(member.Key, Other(member.Value)))])),
    };
}
