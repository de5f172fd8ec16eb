using System.Globalization;
using System.Text.Json;
using Afterimage.IntegrationTests.Support;

namespace Afterimage.IntegrationTests;

/// <summary>Shards that roll over, and days that pass while nobody reads.</summary>
public sealed class LostChangesTests : IAsyncLifetime
{
    private readonly TempFolder folder = new();
    private ClockworkDatabase database = null!;
    private StreamedTable table = null!;
    private int written;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        database = await ClockworkDatabase.StartAsync(Ct);
        table = await StreamedTable.CreateAsync(database.Client, "Orders", ["order_id"], Ct);
    }

    [Fact]
    public async Task Pain_1_and_2_forty_rolls_under_load_and_restarts_lose_nothing()
    {
        using var done = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var writing = WriteUntilAsync(done.Token);
        for (var run = 0; run < 8; run++)
        {
            using var process = AfterimageProcess.Start(folder.Path, Run());
            await process.StandardOutput.ReadLineAsync(Ct);
            for (var roll = 0; roll < 5; roll++)
            {
                await database.RollShardsOverAsync(Ct);
                await process.StandardOutput.ReadLineAsync(Ct);
            }

            process.Kill();
            await process.WaitForExitAsync(Ct);
        }

        await done.CancelAsync();
        await writing;
        await DrainAsync();

        var changes = await OfKindAsync("change");
        changes.Select(change => Number(change)).ShouldBe(Enumerable.Range(1, written), ignoreOrder: true);
        changes.Select(change => change.GetProperty("shardId").GetString()).Distinct().Count().ShouldBeGreaterThan(5);
        (await OfKindAsync("gap")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Pain_7_changes_that_were_trimmed_unread_are_one_gap_and_reading_goes_on()
    {
        await WriteAsync(10);
        await DrainAsync();
        await WriteAsync(10);
        await database.LetHoursPassAsync(25, Ct);
        await WriteAsync(10);

        await DrainAsync();

        (await OfKindAsync("gap")).ShouldHaveSingleItem();
        (await OfKindAsync("change")).Select(change => Number(change)).ShouldBe([.. Enumerable.Range(1, 10), .. Enumerable.Range(21, 10)], ignoreOrder: true);
    }

    [Fact]
    public async Task A_day_without_unread_changes_gives_no_gap_that_is_certain()
    {
        await WriteAsync(10);
        await DrainAsync();
        await database.LetHoursPassAsync(25, Ct);
        await WriteAsync(10);

        await DrainAsync();

        (await OfKindAsync("gap")).ShouldAllBe(gap => gap.GetProperty("gap").GetProperty("certainty").GetString() == "possible");
        (await OfKindAsync("change")).Count.ShouldBe(20);
    }

    [Fact]
    public async Task A_table_older_than_what_its_stream_holds_begins_with_a_lifecycle_entry_and_no_gap()
    {
        await WriteAsync(10);
        await database.LetHoursPassAsync(25, Ct);
        await WriteAsync(10);

        await DrainAsync();

        (await OfKindAsync("lifecycle")).ShouldHaveSingleItem();
        (await OfKindAsync("gap")).ShouldBeEmpty();
        (await OfKindAsync("change")).Select(change => Number(change)).ShouldBe(Enumerable.Range(11, 10), ignoreOrder: true);
    }

    public async ValueTask DisposeAsync()
    {
        await database.DisposeAsync();
        folder.Dispose();
    }

    private static int Number(JsonElement change) =>
        int.Parse(change.GetProperty("newImage").GetProperty("number").GetProperty("N").GetString()!, CultureInfo.InvariantCulture);

    private string[] Run(params string[] more) => ["run", "--table", table.Name, "--trail", "sqlite:t.db", "--endpoint", database.Endpoint.ToString(), .. more];

    private async Task DrainAsync()
    {
        var run = await AfterimageProcess.RunAsync(folder.Path, Ct, Run("--drain"));
        run.ExitCode.ShouldBe(0, run.Error);
    }

    private async Task WriteAsync(int times)
    {
        for (var time = 0; time < times; time++)
        {
            var number = (++written).ToString(CultureInfo.InvariantCulture);
            await database.Client.PutItemAsync(table.Name, new() { ["order_id"] = new($"{written % 7}"), ["number"] = new() { N = number } }, Ct);
        }
    }

    private async Task WriteUntilAsync(CancellationToken done)
    {
        while (!done.IsCancellationRequested)
        {
            await WriteAsync(1);
        }
    }

    private async Task<List<JsonElement>> OfKindAsync(string kind)
    {
        var answer = await AfterimageProcess.RunAsync(folder.Path, Ct, "search", "--trail", "sqlite:t.db", "--json", "--limit", "1000000");
        answer.ExitCode.ShouldBe(0, answer.Error);
        return [.. answer.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line)).Where(entry => entry.GetProperty("kind").GetString() == kind)];
    }
}
