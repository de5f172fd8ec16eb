using System.Globalization;
using Afterimage.Streams.Aws;
using Afterimage.Streams.Records;
using Afterimage.Streams.Shards;
using Afterimage.Tests.Support;

namespace Afterimage.Tests.Streams.Reading;

/// <summary>Behind a full page the next one is fetched while it is kept; whatever becomes of that fetch, nothing is lost or comes twice.</summary>
public sealed class ReadAheadTests
{
    private const int Page = 1_000;
    private static readonly string[] Sequences = [.. Enumerable.Range(1, (2 * Page) + 500).Select(number => number.ToString(CultureInfo.InvariantCulture))];

    private readonly WorkerRig rig = new();
    private readonly FakeStream stream = new() { PageSize = Page };
    private int fetches;

    public ReadAheadTests() => stream.AddShard("a", null, isClosed: true, Sequences);

    [Fact]
    public async Task The_page_behind_a_full_one_is_fetched_before_that_is_kept()
    {
        var fetchedWhenKept = new List<int>();
        stream.Before = call => fetches += call == "GetRecords" ? 1 : 0;
        rig.Journal.Before = _ =>
        {
            fetchedWhenKept.Add(fetches);
            return Task.CompletedTask;
        };

        await rig.DrainAsync(stream);

        rig.Journal.Kept.ShouldBe(Sequences);
        fetchedWhenKept.ShouldBe([2, 3, 3]);
        fetches.ShouldBe(3);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_fetch_ahead_that_fails_is_made_again_once_the_page_before_it_is_kept(int which)
    {
        stream.Before = call =>
        {
            if (call == "GetRecords" && ++fetches == which)
            {
                throw new ExpiredIteratorException("older than 15 minutes", 400, null);
            }
        };

        await rig.DrainAsync(stream);

        rig.Journal.Kept.ShouldBe(Sequences);
    }

    [Fact]
    public async Task A_page_that_was_fetched_ahead_is_not_kept_where_another_worker_was_meanwhile()
    {
        var shard = new ShardId("a");
        rig.Journal.Before = batch =>
        {
            // Another worker keeps the first page at the same moment.
            if (rig.Journal.Kept.Count == 0)
            {
                rig.Journal.Kept.AddRange(Sequences.Take(Page));
                rig.Journal.Put(new ShardProgress(shard, null, new SequenceNumber($"{Page}"), Page, Finished: false));
            }

            return Task.CompletedTask;
        };

        await rig.DrainAsync(stream);

        rig.Journal.Kept.ShouldBe(Sequences);
    }
}
