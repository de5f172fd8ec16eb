using Afterimage.Entries;
using Afterimage.Proof;
using Afterimage.Tests.Support;
using Afterimage.Trail;
using Afterimage.Trail.DynamoDb;

namespace Afterimage.Tests.Trail.DynamoDb;

/// <summary>What was done to a trail in a DynamoDB table.</summary>
public sealed class DynamoAdminTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    private static readonly EntryId Gap = new("0123456789abcdefghjkmnpqrs");
    private static readonly EntryId OtherGap = new("1123456789abcdefghjkmnpqrs");
    private static readonly RulesInForce Rules = new(new TreeName("stream/shard"), 3, "{}");

    private readonly FakeTable table = new(new Random(1));

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nothing_is_done_to_a_trail_without_a_name() =>
        await Should.ThrowAsync<InvalidOperationException>(() => new DynamoAdmin(table).NoteRulesAsync([Rules], Noon, Ct));

    [Fact]
    public Task Whatever_request_goes_wrong_each_act_has_a_leaf_of_its_own() => FaultPlan.EachAsync(async weather =>
    {
        var broken = new FakeTable(new Random(2));
        await new TrailName(broken).KeepAsync("a trail", Ct);
        broken.Weather = (request, ct) => weather(request with { Number = request.Number - 3 }, ct);
        await FaultPlan.UntilAnsweredAsync(() => new DynamoAdmin(broken).NoteRulesAsync([Rules], Noon, Ct));
        await FaultPlan.UntilAnsweredAsync(async () => (await new DynamoAdmin(broken).AcknowledgeAsync(Gap, Noon, "first", Ct)).ShouldBe((Noon, "first")));
        await FaultPlan.UntilAnsweredAsync(async () => (await new DynamoAdmin(broken).AcknowledgeAsync(Gap, Noon.AddDays(1), "second", Ct)).ShouldBe((Noon, "first")));
        await FaultPlan.UntilAnsweredAsync(async () => (await new DynamoAdmin(broken).AcknowledgementsAsync(Ct)).ShouldBe(
            new Dictionary<EntryId, (DateTimeOffset, string)> { [Gap] = (Noon, "first") }));

        List<AdminLeaf> leaves = [];
        await FaultPlan.UntilAnsweredAsync(async () => leaves = await LeavesAsync(broken));
        leaves[0].ShouldBe(new AdminLeaf.Open("a trail"));
        leaves.OfType<AdminLeaf.Configuration>().Distinct().ShouldHaveSingleItem();
        leaves.OfType<AdminLeaf.Acknowledged>().ShouldHaveSingleItem().Reason.ShouldBe("first");
    });

    [Fact]
    public async Task Of_two_who_add_at_once_the_second_goes_behind_the_first()
    {
        var met = true;
        for (var number = 1; met; number++)
        {
            met = false;
            var shared = new FakeTable(new Random(3));
            await new TrailName(shared).KeepAsync("a trail", Ct);
            var from = shared.Requests;
            shared.Weather = async (request, ct) =>
            {
                if (request.Number == from + number)
                {
                    met = true;
                    await new DynamoAdmin(shared).NoteRulesAsync([Rules], Noon, ct);
                    await new DynamoAdmin(shared).AcknowledgeAsync(OtherGap, Noon, "other", ct);
                    await new DynamoAdmin(shared).AcknowledgeAsync(Gap, Noon, "first", ct);
                }

                return Fate.Done;
            };

            var held = await new DynamoAdmin(shared).AcknowledgeAsync(Gap, Noon, "second", Ct);
            await new DynamoAdmin(shared).NoteRulesAsync([Rules with { From = 9 }], Noon, Ct);

            shared.Calm();
            var leaves = await LeavesAsync(shared);
            leaves.OfType<AdminLeaf.Acknowledged>().Single(leaf => leaf.Gap == Gap.Value).Reason.ShouldBe(held.Reason);
            leaves.OfType<AdminLeaf.Open>().ShouldHaveSingleItem();
            leaves.OfType<AdminLeaf.Configuration>().ShouldContain(leaf => leaf.From == 9);
        }
    }

    [Fact]
    public async Task Leaves_are_read_from_any_place_up_to_any_other()
    {
        await new TrailName(table).KeepAsync("a trail", Ct);
        await new DynamoAdmin(table).NoteRulesAsync([.. Enumerable.Range(0, 30).Select(from => Rules with { From = from })], Noon, Ct);

        (await new DynamoAdmin(table).LeavesAsync(4, 9, Ct).Select(run => run.First).ToListAsync(Ct)).ShouldBe([4, 5, 6, 7, 8]);
        (await new DynamoAdmin(table).LeavesAsync(28, long.MaxValue, Ct).CountAsync(Ct)).ShouldBe(3);
        (await new DynamoAdmin(table).LeavesAsync(5, 5, Ct).CountAsync(Ct)).ShouldBe(0);
    }

    // Every leaf is in its place, and the tree that is kept with the last one is that of all of them.
    private static async Task<List<AdminLeaf>> LeavesAsync(FakeTable table)
    {
        var texts = await new DynamoAdmin(table).LeavesAsync(0, long.MaxValue, Ct).Select(run => run.Texts[0]).ToListAsync(Ct);
        (await new DynamoAdmin(table).TreeAsync(Ct)).ShouldBe(TreeState.Empty.Append([.. texts.Select(text => MerkleTree.Leaf(text.Span))]));
        return [.. texts.Select((text, at) => AdminLeaf.Read(text, at))];
    }
}
