using Afterimage.Streams.Aws;
using Afterimage.Streams.Records;
using Afterimage.Streams.Shards;
using Afterimage.Tests.Support;

namespace Afterimage.Tests.Trail.DynamoDb;

/// <summary>An append to a DynamoDB table of which any one request goes wrong, and whoever goes on after it.</summary>
public sealed class DynamoAppendFaultTests
{
    private static readonly ShardId Shard = new("shardId-1");

    /// <summary>Who goes on after a request went wrong.</summary>
    public enum Next
    {
        /// <summary>The process itself, with the same batch.</summary>
        Itself,

        /// <summary>The process itself, and it was told of a gap in the meantime, so that every place is another one.</summary>
        ItselfAfterGap,

        /// <summary>Another process, which was told of the same records.</summary>
        Another,

        /// <summary>Another process, with other rules and fewer records at once.</summary>
        AnotherWithOtherRules,

        /// <summary>Another process, which finds a gap first.</summary>
        AnotherAfterGap,
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<Next> Everybody => [.. Enum.GetValues<Next>()];

    [Theory]
    [MemberData(nameof(Everybody))]
    public Task Whatever_request_goes_wrong_every_record_has_one_entry(Next next) => FaultPlan.EachAsync(async weather =>
    {
        using var rig = await TrailRig.NewAsync(1);
        using var first = rig.Process("first");
        var batch = rig.Batch(12);
        var row = await BeginAsync(first, batch);
        rig.Table.Weather = After(rig.Table, weather);
        await TryAsync(() => first.KeepAsync(row, batch[4..9]));
        rig.Table.Calm();
        await GoOnAsync(rig, next, first, row, batch);
        await rig.CheckAsync((Shard, batch));
    });

    [Theory]
    [MemberData(nameof(Everybody))]
    public Task A_request_that_arrives_late_changes_nothing(Next next) => FaultPlan.EachLateAsync(async (weather, arrive) =>
    {
        // It arrives at once, while they go on, or when everything is over.
        for (var (moment, isOver) = (1, false); !isOver; moment += 13)
        {
            using var rig = await TrailRig.NewAsync(2);
            using var first = rig.Process("first");
            var batch = rig.Batch(12);
            var row = await BeginAsync(first, batch);
            rig.Table.Weather = After(rig.Table, weather);
            await TryAsync(() => first.KeepAsync(row, batch[4..9]));
            var from = rig.Table.Requests;
            rig.Table.Weather = (request, _) =>
            {
                if (request.Number == from + moment)
                {
                    arrive();
                }

                return Task.FromResult(Fate.Done);
            };
            await GoOnAsync(rig, next, first, row, batch);
            isOver = rig.Table.Requests < from + moment;
            arrive();
            await rig.CheckAsync((Shard, batch));
        }
    });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Two_who_lost_the_shard_wake_up_at_any_request_and_change_nothing(bool wakesBackwards)
    {
        for (var (number, met) = (1, true); met; number++)
        {
            using var rig = await TrailRig.NewAsync(3);
            using var first = rig.Process("first");
            using var second = rig.Process("second", TrailRig.OtherRules);
            using var third = rig.Process("third");
            var batch = rig.Batch(12);
            var row = await BeginAsync(first, batch);
            using var pause = new PausedWork(rig.Table);

            var one = pause.Begin(() => first.KeepAsync(row, batch[4..9]), number);
            var stolen = (await second.TakeAsync(Shard)).ShouldNotBeNull();
            var other = pause.Begin(() => second.KeepAsync(stolen, batch[4..7], afterGap: true), number);
            met = pause.Paused > 0;
            await third.KeepOnAsync(Shard, batch[4..8]);
            pause.Wake(wakesBackwards ? 1 : 0);
            await third.KeepOnAsync(Shard, batch[8..11]);
            pause.Wake(wakesBackwards ? 0 : 1);
            await TryAsync(() => Task.WhenAll(one, other));
            await third.KeepOnAsync(Shard, batch[11..]);

            await rig.CheckAsync((Shard, batch));
        }
    }

    private static async Task<ShardProgress> BeginAsync(RigProcess first, List<ReadOnlyMemory<byte>> batch) =>
        (await first.KeepAsync((await first.TakeAsync(Shard)).ShouldNotBeNull(), batch[..4])).ShouldNotBeNull();

    private static async Task GoOnAsync(TrailRig rig, Next next, RigProcess first, ShardProgress row, List<ReadOnlyMemory<byte>> batch)
    {
        using var second = rig.Process("second", next == Next.AnotherWithOtherRules ? TrailRig.OtherRules : null);
        var isItself = next is Next.Itself or Next.ItselfAfterGap;
        var goesOn = isItself ? first : second;
        var at = isItself ? row : (await second.TakeAsync(Shard)).ShouldNotBeNull();
        at = await goesOn.KeepAsync(at, next == Next.AnotherWithOtherRules ? batch[4..6] : batch[4..9], next is Next.ItselfAfterGap or Next.AnotherAfterGap)
            ?? (isItself ? await goesOn.RowAsync(Shard) : (await goesOn.TakeAsync(Shard)).ShouldNotBeNull());
        at = (await goesOn.KeepAsync(at, batch[4..10])) ?? await goesOn.RowAsync(Shard);
        (await goesOn.KeepAsync(at, batch[4..])).ShouldNotBeNull();
    }

    // Faults begin behind what the rig needs.
    private static Func<TableRequest, CancellationToken, Task<Fate>> After(FakeTable table, Func<TableRequest, CancellationToken, Task<Fate>> weather)
    {
        var from = table.Requests;
        return (request, ct) => weather(request with { Number = request.Number - from }, ct);
    }

    private static async Task TryAsync(Func<Task> act)
    {
        try
        {
            await act();
        }
        catch (AwsException)
        {
            // Not to be answered is no answer: somebody goes on from what the table says.
        }
    }
}
