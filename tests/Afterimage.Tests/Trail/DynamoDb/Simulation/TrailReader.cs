using Afterimage.Entries;
using Afterimage.Streams.Records;
using Afterimage.Tests.Support;
using Afterimage.Trail;

namespace Afterimage.Tests.Trail.DynamoDb.Simulation;

/// <summary>Somebody who asks the trail questions while others write: what they were told once stays true.</summary>
internal sealed class TrailReader(ITrail trail, SeenEntries seen, Random random)
{
    private static readonly string[] Actors = ["alice", "bob", "order"];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async Task ReadAsync(IReadOnlyList<ShardId> shards)
    {
        switch (random.Next(5))
        {
            case 0:
                await TakeAsync(trail.SearchAsync(new SearchFilter(), Ct).Select(found => found.Entry));
                break;
            case 1:
                var actor = Actors[random.Next(Actors.Length)];
                (await TakeAsync(trail.SearchAsync(new SearchFilter { Actor = actor }, Ct).Select(found => found.Entry))).ShouldAllBe(entry => entry.Actor.Id == actor);
                break;
            case 2:
                await TakeAsync(trail.ShardEntriesAsync(FakeStream.Arn, random.Next(4) == 0 ? TrailShard.Intake : shards[random.Next(shards.Count)], 0, Ct));
                break;
            case 3:
                await TakeAsync(trail.HistoryAsync(new HistoryFilter("Orders", new([new("id", AttributeValue.String($"o{random.Next(12)}"))]), Reverse: false, null), Ct));
                break;
            default:
                foreach (var id in seen.Ids.ToList())
                {
                    seen.Take((await trail.FindAsync(id, Ct)).ShouldNotBeNull($"{id} was there before"));
                }

                break;
        }
    }

    private async Task<List<AuditEntry>> TakeAsync(IAsyncEnumerable<AuditEntry> answer)
    {
        var entries = await answer.ToListAsync(Ct);
        entries.Select(entry => entry.Id).ShouldBeUnique();
        entries.ForEach(seen.Take);
        return entries;
    }
}
