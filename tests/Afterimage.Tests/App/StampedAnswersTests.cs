using System.Text.Json;
using Afterimage.Capture;
using Afterimage.Entries;
using Afterimage.Streams.Reading;
using Afterimage.Streams.Records;
using Afterimage.Streams.Shards;
using Afterimage.Tests.Capture.Stamps;
using Afterimage.Tests.Support;
using Afterimage.Trail;

namespace Afterimage.Tests.App;

/// <summary>What the program answers of who did it: marks that are folded, and the share of changes that name nobody.</summary>
public sealed class StampedAnswersTests : IDisposable
{
    private readonly ProgramInFolder program = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Folded_a_mark_stands_in_a_history_only_where_nothing_was_deleted_by_it()
    {
        await FillAsync();

        (await ToldAsync("history", "Orders", "id=a")).ShouldBe(["change INSERT bob", "mark MODIFY alice", "change REMOVE alice", "change INSERT bob", "mark MODIFY alice"]);
        (await ToldAsync("history", "Orders", "id=a", "--fold")).ShouldBe(["change INSERT bob", "change REMOVE alice", "change INSERT bob", "mark MODIFY alice"]);
        (await ToldAsync("history", "Orders", "id=a", "--fold", "--reverse", "--limit", "3")).ShouldBe(["mark MODIFY alice", "change INSERT bob", "change REMOVE alice"]);
        var read = await program.RunAsync("history", "Orders", "id=a", "--fold");
        read.Out.Split("a delete was attempted").Length.ShouldBe(2);
    }

    [Fact]
    public async Task Folded_a_search_leaves_out_used_marks_though_their_removals_do_not_fit_it()
    {
        await FillAsync();

        (await ToldAsync("search", "--action", "MODIFY")).ShouldBe(["change MODIFY ", "mark MODIFY alice", "mark MODIFY alice"]);
        (await ToldAsync("search", "--action", "MODIFY", "--fold")).ShouldBe(["change MODIFY ", "mark MODIFY alice"]);
        (await ToldAsync("search", "--actor", "alice", "--fold", "--limit", "2")).ShouldBe(["mark MODIFY alice", "change REMOVE alice"]);
    }

    [Fact]
    public async Task Status_says_how_many_changes_name_nobody()
    {
        await FillAsync();

        (await program.RunAsync("status")).Out.ShouldContain("  5 changes since 2026-11-20 20:00:00 +00:00: 20 % without an actor (no service 1)\n");
        (await program.RunAsync("status", "--since", "2026-11-23")).Out.ShouldContain("  no changes since 2026-11-23 00:00:00 +00:00\n");
        var actors = JsonElement.Parse((await program.RunAsync("status", "--json")).Out).GetProperty("tables")[0].GetProperty("actors");
        actors.GetRawText().ShouldBe("""{"since":"2026-11-20T20:00:00Z","complete":true,"changes":5,"withoutActor":1,"services":[{"service":null,"changes":1}]}""");
        (await program.RunAsync("status", "--since", "soon")).Error.ShouldContain("--since is 'soon', which is no moment.");
    }

    [Fact]
    public async Task Where_no_writer_says_who_it_is_status_says_that()
    {
        await program.FillAsync();

        (await program.RunAsync("status")).Out.ShouldContain("  3 changes since 2026-11-20 20:00:00 +00:00: no writer says who made them\n");
    }

    public void Dispose() => program.Dispose();

    private async Task FillAsync()
    {
        var items = new StampedItems(new Random(1), program.Start, attribute: "who");
        items.Write("a", "bob");
        items.Delete("a", "alice");
        items.Write("a", "bob");
        items.Mark("a", "alice");
        items.Write("b", "bob");
        items.UpdateUnstamped("b");
        await using var trail = await Trails.OpenFileAsync(program.Trail, OpenMode.CreateOrWrite, Ct);
        await trail.NameAsync("afterimage/test", Ct);
        await trail.KeepTableAsync(new TrailTable("Orders", new KeyAttribute("id", AttributeKind.S), null, FakeStream.Arn, Followed: true), Ct);
        using var recorder = new Recorder(trail, _ => new TableRules { Stamp = "who" }, new Progress<KeptBatch>(), size => new byte[size]);
        var batch = new StreamBatch(FakeStream.Arn, new ShardId("shard"), [.. items.Changes.Select(change => new ReadOnlyMemory<byte>(change.Record))], EndsShard: false);
        (await recorder.KeepAsync(batch, new ShardProgress(new ShardId("shard"), null, null, 0, Finished: false), Ct)).ShouldBeOfType<KeepResult.Kept>();
    }

    private async Task<IEnumerable<string>> ToldAsync(params string[] args)
    {
        var answer = await program.RunAsync([.. args, "--json"]);
        answer.ExitCode.ShouldBe(0, answer.Error);
        return answer.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line)).Select(entry =>
            $"{entry.GetProperty("kind").GetString()} {entry.GetProperty("action").GetString()} {entry.GetProperty("actor").GetProperty("id").GetString()}");
    }
}
