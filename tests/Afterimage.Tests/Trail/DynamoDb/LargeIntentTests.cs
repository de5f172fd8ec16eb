using System.Text;
using Afterimage.Entries;
using Afterimage.Streams.Watching;
using Afterimage.Tests.Support;
using Afterimage.Trail.DynamoDb;
using Afterimage.Trail.DynamoDb.Table;

namespace Afterimage.Tests.Trail.DynamoDb;

/// <summary>Intents whose images lie in parts beside them.</summary>
public sealed class LargeIntentTests
{
    // An insert of an item so close to 400 KB does not fit into an intent.
    private const int Large = 409_400;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Images_come_back_from_parts_as_the_table_keeps_them()
    {
        using var rig = await TransactionRig.NewAsync(isStreamed: false, Large);
        for (var seed = 0; seed < 8; seed++)
        {
            var hostile = SdkValues.Of(new RandomItems(new Random(seed)).Item(12));
            hostile["blob"] = new() { B = new MemoryStream(Noise(seed)) };
            rig.Items.Write("o1", "alice", hostile);
        }

        await rig.CommitAsync();
        var waiting = await rig.WaitingAsync();

        waiting.ShouldAllBe(intent => intent.Problem == null);
        waiting.Select(intent => intent.Place.Parts).Distinct().Order().ShouldBe([2, 3]);
        foreach (var change in waiting.Select(intent => intent.Change!))
        {
            var record = RecordValues.Read(rig.Items.Changes[(int)change.Number - 1].Record).Record;
            (change.Before is null).ShouldBe(change.Number == 1);
            Text(change.After!).ShouldBe(Text(FakeRules.Kept(DynamoDbJson.ReadMap(record.NewImage!.Value))));
            if (change.Before is { } before)
            {
                Text(before).ShouldBe(Text(FakeRules.Kept(DynamoDbJson.ReadMap(record.OldImage!.Value))));
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task Intent_and_parts_go_together_once_the_entry_is_there_whatever_request_goes_wrong(bool isStreamed) => FaultPlan.EachAsync(async weather =>
    {
        using var rig = await TransactionRig.NewAsync(isStreamed, Large);
        rig.Items.Write("o1", "alice", 1);
        await rig.CommitAsync();
        var all = rig.Items.Changes[0].Items.Count;
        rig.Break(async (request, ct) =>
        {
            Left(rig).ShouldBeOneOf(0, all);
            return await weather(request, ct);
        });

        var attempt = 0;
        await FaultPlan.UntilAnsweredAsync(() => isStreamed ? rig.ReadAsync($"worker{attempt++}") : rig.TakeAsync($"worker{attempt++}"));
        rig.Table.Calm();
        rig.Time.Now += TimeSpan.FromHours(1);
        await rig.TakeAsync("last");

        (await rig.ToldAsync("o1")).ShouldBe(["change INSERT alice transaction"]);
        (all, Left(rig)).ShouldBe((3, 0));
        (await rig.VerifyAsync()).ShouldBeEmpty();
    });

    [Fact]
    public async Task Parts_lie_where_readers_of_the_trail_may_not_look()
    {
        using var rig = await ActedAsync();

        var keys = rig.Items.Changes[0].Items.Select(item => item.Key).ToList();
        keys[0].ShouldBe(Layout.IntentOf("Orders", keys[0].Sort));
        keys.Skip(1).ShouldBe([Layout.IntentPartOf("Orders", keys[0].Sort, 0), Layout.IntentPartOf("Orders", keys[0].Sort, 1)]);
        keys.ShouldAllBe(key => key.Partition.StartsWith("intents Orders/", StringComparison.Ordinal));
        keys.Skip(1).ShouldAllBe(key => !Layout.IntentsOf("Orders").Contains(key.Partition));
    }

    [Fact]
    public Task A_part_that_is_missing_is_told_of() => DamagedAsync(
        rig => rig.Items.Changes[0].Items[1].Key, _ => null, "Of the 2 parts of its images, the one at intents Orders/parts/0000000000000000000001/0 | part is missing.");

    [Fact]
    public Task A_part_that_was_altered_is_told_of() => DamagedAsync(
        rig => rig.Items.Changes[0].Items[1].Key, part => With(part, "bytes", AttributeValue.Binary(Convert.ToBase64String(Noise(9)))),
        "The parts of its images do not have the hash that it names: they were altered.");

    [Fact]
    public Task A_part_without_bytes_is_told_of() => DamagedAsync(rig => rig.Items.Changes[0].Items[2].Key, part => With(part, "bytes", AttributeValue.Null), "has no attribute bytes of the kind expected.");

    [Theory]
    [InlineData("parts", "1", "do not have the hash")]
    [InlineData("parts", "3", "the one at intents Orders/parts/0000000000000000000001/2 | part is missing")]
    [InlineData("parts", "17", "does not say that its images lie in 1 to 16 parts")]
    [InlineData("parts", "1.5", "does not say that its images lie in 1 to 16 parts")]
    [InlineData("length", "600000", "do not expand to 600000 bytes")]
    [InlineData("length", "1000", "do not expand to 1000 bytes")]
    [InlineData("length", "67108865", "says that its images are 67108865 bytes of text")]
    [InlineData("v", "1", "It is of INSERT and has other images")]
    [InlineData("v", "3", "It is of version 3, and this program knows 1 and 2.")]
    public Task What_an_intent_says_wrongly_of_its_parts_is_told_of(string attribute, string number, string told) =>
        DamagedAsync(rig => rig.Items.Changes[0].Items[0].Key, intent => With(intent, attribute, AttributeValue.Number(number)), told);

    [Fact]
    public Task Images_that_are_no_maps_are_told_of() => DamagedAsync(rig => rig.Items.Changes[0].Items[0].Key, intent => With(With(intent, "v", AttributeValue.Number("1")), "after", AttributeValue.Null), "Its after is no map.");

    [Fact]
    public async Task An_intent_that_is_taken_away_while_its_parts_are_read_is_not_taken_for_damaged()
    {
        using var rig = await ActedAsync();
        var first = rig.Items.Changes[0].Items;
        rig.Table.Weather = (request, _) =>
        {
            if (request.Keys.Contains(first[1].Key))
            {
                rig.Table.Calm();
                first.ToList().ForEach(item => rig.Table.Items.Set(item.Key, null));
            }

            return Task.FromResult(Fate.Done);
        };

        (await rig.WaitingAsync()).ShouldHaveSingleItem().ShouldSatisfyAllConditions(left => left.Name.ShouldEndWith("2"), left => left.Problem.ShouldBeNull());
    }

    [Fact]
    public async Task What_a_later_version_wrote_beside_a_streams_record_stays_and_is_told_of()
    {
        using var rig = await TransactionRig.NewAsync(isStreamed: true, Large);
        rig.Items.Write("o1", "alice", 1);
        await rig.CommitAsync();
        var key = rig.Items.Changes[0].Items[0].Key;
        rig.Table.Items.Set(key, With(rig.Table.Items.Find(key)!, "v", AttributeValue.Number("3")));

        await rig.ReadAsync("worker");

        (await rig.ToldAsync("o1")).ShouldBe(["change INSERT alice transaction"]);
        rig.Unannounced.ShouldBeEmpty();
        (await rig.HealthAsync()).Single().What.ShouldContain("It is of version 3");
        rig.Table.Items.Keys.ShouldContain(rig.Items.Changes[0].Items[1].Key);
    }

    // Of two items the first one's intent is damaged: it stays, with its parts, and the other one becomes an entry.
    private static async Task DamagedAsync(Func<TransactionRig, ItemKey> where, Func<AttributeMap, AttributeMap?> damage, string told)
    {
        using var rig = await ActedAsync();
        rig.Table.Items.Set(where(rig), damage(rig.Table.Items.Find(where(rig))!));

        await rig.TakeAsync("worker");

        (await rig.ToldAsync("o1")).ShouldBeEmpty();
        (await rig.ToldAsync("o2")).ShouldBe(["change INSERT bob transaction"]);
        (await rig.WaitingAsync()).ShouldHaveSingleItem().Problem!.ShouldContain(told);
        (await rig.HealthAsync()).Single().ShouldSatisfyAllConditions(
            reason => reason.Cause.ShouldBe(HealthCause.IntentLeft), reason => reason.Level.ShouldBe(HealthLevel.Unhealthy), reason => reason.What.ShouldContain(told));
        (await rig.VerifyAsync()).Select(finding => finding.Check).ShouldBe(["INTENT"]);
    }

    private static async Task<TransactionRig> ActedAsync()
    {
        var rig = await TransactionRig.NewAsync(isStreamed: false, Large);
        rig.Items.Write("o1", "alice", 1);
        rig.Items.Write("o2", "bob", 1);
        await rig.CommitAsync();
        return rig;
    }

    // Numbers are equal however they are written, and here it is how that counts.
    private static string Text(AttributeMap item) => Encoding.UTF8.GetString(ItemJson.Of(item).Span);

    private static int Left(TransactionRig rig) => rig.Table.Items.Keys.Count(key => key.Partition.StartsWith("intents ", StringComparison.Ordinal));

    private static AttributeMap With(AttributeMap item, string name, AttributeValue value) => new(item.Where(member => member.Key != name).Append(KeyValuePair.Create(name, value)));

    private static byte[] Noise(int seed)
    {
        var noise = new byte[Large];
        new Random(seed).NextBytes(noise);
        return noise;
    }
}
