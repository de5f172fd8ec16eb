using Afterimage.Entries;
using Afterimage.Proof;
using Afterimage.Tests.Support;
using Afterimage.Trail;
using Afterimage.Trail.DynamoDb;

namespace Afterimage.Tests.Trail.DynamoDb;

/// <summary>The log of a trail in a DynamoDB table, and what was done to the trail, whatever goes wrong on the way.</summary>
public sealed class DynamoLogTests
{
    private static readonly EntryId Gap = new("0123456789abcdefghjkmnpqrs");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_new_trail_has_no_log()
    {
        var (table, rig) = await RigAsync(1);
        using (rig)
        {
            (await rig.Log.EndAsync(Ct)).ShouldBe(new LogEnd(TreeState.Empty, 0, null));
            (await rig.Log.NewestCheckpointAsync(Ct)).ShouldBeNull();
            (await rig.Log.GrownAsync(Ct)).ShouldBeEmpty();
            (await rig.Log.LeafAsync(TreeName.Administration, 0, Ct)).ShouldBeNull();
            table.Items.Keys.ShouldBe([Layout.Trail]);
        }
    }

    [Fact]
    public Task Whatever_request_goes_wrong_the_next_sealer_goes_on_where_the_log_ends() => FaultPlan.EachAsync(async weather =>
    {
        var (table, rig) = await RigAsync(2);
        using (rig)
        {
            table.Weather = After(table, weather);
            await WorkAsync(rig);
            table.Calm();
            await rig.CheckAsync();
        }
    });

    [Fact]
    public Task A_request_that_arrives_late_changes_nothing() => FaultPlan.EachLateAsync(async (weather, arrive) =>
    {
        var (table, rig) = await RigAsync(3);
        using (rig)
        {
            table.Weather = After(table, weather);
            await WorkAsync(rig);
            await rig.GrowAsync("b", 1);
            await FaultPlan.UntilAnsweredAsync(rig.SealAsync);
            arrive();
            table.Calm();
            await rig.CheckAsync();
        }
    });

    [Fact]
    public async Task Of_two_sealers_at_once_one_seals_whichever_request_the_other_stands_at()
    {
        var met = true;
        for (var number = 1; met; number++)
        {
            met = false;
            var (table, rig) = await RigAsync(4);
            using (rig)
            {
                await rig.GrowAsync("a", 3);
                await rig.SealAsync();
                await rig.GrowAsync("a", 2, "{\"service\":\"orders\"}");
                await rig.GrowAsync("b", 2);
                var from = table.Requests;
                table.Weather = async (request, _) =>
                {
                    if (request.Number == from + number)
                    {
                        met = true;
                        await rig.SealAsync();
                        await rig.GrowAsync("c", 1);
                    }

                    return Fate.Done;
                };
                await rig.SealAsync();
                table.Calm();
                await rig.SealAsync();
                await rig.CheckAsync();
            }
        }
    }

    [Fact]
    public async Task Of_two_different_seals_of_one_number_the_second_is_told_so()
    {
        var (_, rig) = await RigAsync(5);
        using (rig)
        {
            await rig.GrowAsync("a", 3);
            var end = await rig.Log.EndAsync(Ct);
            var (first, second) = (Append(end, "one"), Append(end, "two"));

            (await rig.Log.TryAppendAsync(first, Ct)).ShouldBeTrue();
            (await rig.Log.TryAppendAsync(second, Ct)).ShouldBeFalse();
            (await rig.Log.EndAsync(Ct)).ShouldBe(first.After);
        }
    }

    [Fact]
    public async Task What_grew_is_sealed_in_turns_that_fit_into_an_item_and_every_tree_has_its_turn()
    {
        const int Shards = 900;
        var (table, rig) = await RigAsync(6);
        using (rig)
        {
            var sealedOf = new HashSet<TreeName>();
            var seals = 0;
            for (; sealedOf.Count < Shards + 1; seals++)
            {
                seals.ShouldBeLessThan(10);
                for (var shard = 0; shard < Shards; shard++)
                {
                    await rig.GrowAsync($"shardId-{shard:D20}-abcdef", 7, $"{{\"service\":\"{new string('x', 400)}{shard % 500}\"}}");
                }

                await rig.SealAsync();
                sealedOf.UnionWith(await rig.Log.ReadAsync(0, Ct).Where(row => row.Tree is not null).Select(row => row.Tree!.Value).ToListAsync(Ct));
            }

            seals.ShouldBeGreaterThan(1);
            while ((await rig.Log.GrownAsync(Ct)).Count > 0)
            {
                await rig.SealAsync();
            }

            await rig.CheckAsync();
        }
    }

    [Fact]
    public async Task Rules_that_were_noted_are_not_noted_again()
    {
        var (_, rig) = await RigAsync(7);
        using (rig)
        {
            foreach (var rules in (string[])["{}", "{}", "{\"service\":\"orders\"}", "{\"service\":\"orders\"}", "{}"])
            {
                await rig.GrowAsync("a", 2, rules);
                await rig.SealAsync();
            }

            // The opening, and the three times that the rules changed.
            (await rig.Admin.TreeAsync(Ct)).Size.ShouldBe(4);
            await rig.CheckAsync();
        }
    }

    [Fact]
    public async Task A_seal_that_was_altered_is_told_as_such()
    {
        var (table, rig) = await RigAsync(8);
        using (rig)
        {
            await rig.GrowAsync("a", 2);
            await rig.SealAsync();
            var item = table.Items.Find(Seal.KeyOf(1))!;
            table.Items.Set(Seal.KeyOf(1), new AttributeMap(item.Where(member => member.Key != "leaves")));

            await Should.ThrowAsync<FormatException>(() => rig.Log.GrownAsync(Ct));
        }
    }

    [Fact]
    public async Task Every_checkpoint_is_kept_and_a_smaller_one_is_not_made_known()
    {
        var (_, rig) = await RigAsync(9);
        using (rig)
        using (var key = new MemoryKey())
        {
            foreach (var size in (long[])[5, 12, 7])
            {
                var checkpoint = new Checkpoint(LogRig.Name, size, TreeState.Empty.Root());
                await rig.Log.PublishAsync(SignedCheckpoint.Of(checkpoint, key.Verifier(LogRig.Name), await key.SignAsync(checkpoint.ToText(), Ct)), Ct);
            }

            var notes = await rig.Log.CheckpointsAsync(Ct).Select(note => SignedCheckpoint.Read(note.Span).Checkpoint.Size).ToListAsync(Ct);
            notes.ShouldBe([5, 12]);
            (await rig.Log.NewestCheckpointAsync(Ct))!.Checkpoint.Size.ShouldBe(12);
        }
    }

    private static async Task WorkAsync(LogRig rig)
    {
        await rig.GrowAsync("a", 3);
        await FaultPlan.UntilAnsweredAsync(rig.SealAsync);
        await rig.GrowAsync("a", 2, "{\"service\":\"orders\"}", ends: true);
        await rig.GrowAsync("b", 4);
        await FaultPlan.UntilAnsweredAsync(rig.SealAsync);
        await FaultPlan.UntilAnsweredAsync(() => rig.Admin.AcknowledgeAsync(Gap, rig.Time.Now, "the worker was down", Ct));
        await rig.GrowAsync("b", 1);
        await FaultPlan.UntilAnsweredAsync(rig.SealAsync);
    }

    // Faults begin behind what the rig needs.
    private static Func<TableRequest, CancellationToken, Task<Fate>> After(FakeTable table, Func<TableRequest, CancellationToken, Task<Fate>> weather)
    {
        var from = table.Requests;
        return (request, ct) => weather(request with { Number = request.Number - from }, ct);
    }

    private static LogAppend Append(LogEnd before, string text)
    {
        var leaf = System.Text.Encoding.UTF8.GetBytes(text);
        return new LogAppend(before, new LogEnd(before.Tree.Append(MerkleTree.Leaf(leaf)), before.Epoch + 1, DateTimeOffset.UnixEpoch), [new LogText(leaf, null)]);
    }

    private static async Task<(FakeTable Table, LogRig Rig)> RigAsync(int seed)
    {
        var table = new FakeTable(new Random(seed));
        await new TrailName(table).KeepAsync(LogRig.Name, Ct);
        return (table, new LogRig(table, table.Items));
    }
}
