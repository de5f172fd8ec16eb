using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Afterimage.IntegrationTests.Support;

namespace Afterimage.IntegrationTests;

/// <summary>Workers that share one trail, while shards roll over and workers are killed and paused.</summary>
public sealed class SharedTrailTests : IAsyncLifetime
{
    private const int Tables = 6;
    private const int Items = 40;
    private const int ChangesPerSecond = 500;
    private const int Kills = 15;
    private const int KillsMax = 30;

    private static readonly TimeSpan BetweenKills = TimeSpan.FromSeconds(4);

    private readonly TempFolder folder = new();
    private readonly ConcurrentDictionary<(string Table, int Item), int> versions = new();
    private ClockworkDatabase database = null!;
    private IReadOnlyList<string> tables = [];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        database = await ClockworkDatabase.StartAsync(Ct);
        var made = new List<string>();
        for (var table = 0; table < Tables; table++)
        {
            made.Add((await StreamedTable.CreateAsync(database.Client, "Shared", ["id"], Ct)).Name);
        }

        tables = made;
    }

    [Fact]
    public async Task Pain_20_two_workers_of_which_one_is_killed_again_and_again_and_one_paused_keep_each_change_once_and_in_order()
    {
        using var done = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var writing = WriteUntilAsync(done.Token);
        using var steady = Worker.Start(folder, Run());
        var killed = 0;

        // On a busy machine none of them may have lived long enough to keep anything: then there are more, which live longer.
        for (var kill = 0; kill < Kills || (killed == 0 && kill < KillsMax); kill++)
        {
            using var victim = Worker.Start(folder, Run());
            await Task.Delay(kill < Kills ? BetweenKills : BetweenKills * 5, TimeProvider.System, Ct);
            await database.RollShardsOverAsync(Ct);

            // Paused for longer than a lease lasts: it wakes up with pages in hand that another worker has kept meanwhile.
            if (kill is 2 or 12)
            {
                steady.Signal(kill == 2 ? "STOP" : "CONT");
            }

            killed += await victim.KillAsync();
        }

        await done.CancelAsync();
        await writing;
        await DrainAsync();
        var kept = await steady.KillAsync();

        kept.ShouldBeGreaterThan(0);
        killed.ShouldBeGreaterThan(0);
        var changes = await ChangesAsync();
        changes.Count.ShouldBe(versions.Values.Sum());
        changes.Select(change => change.GetProperty("id").GetString()).Distinct().Count().ShouldBe(changes.Count);
        foreach (var item in changes.GroupBy(change => (change.GetProperty("table").GetString(), Field(change, "id", "S"))))
        {
            item.Select(change => int.Parse(Field(change, "version", "N"), CultureInfo.InvariantCulture)).ShouldBe(Enumerable.Range(1, item.Count()));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await database.DisposeAsync();
        folder.Dispose();
    }

    private static string Field(JsonElement change, string name, string type) => change.GetProperty("newImage").GetProperty(name).GetProperty(type).GetString()!;

    private string[] Run(params string[] more) => ["run", "--table", .. tables, "--trail", "sqlite:t.db", "--endpoint", database.Endpoint.ToString(), .. more];

    private async Task DrainAsync()
    {
        var run = await AfterimageProcess.RunAsync(folder.Path, Ct, Run("--drain"));
        run.ExitCode.ShouldBe(0, run.Error);
    }

    // An item is written by one writer alone, so that its versions are in the order of its changes.
    private async Task WriteUntilAsync(CancellationToken done)
    {
        using var tick = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / (ChangesPerSecond / Tables)), TimeProvider.System);
        for (var write = 0; !done.IsCancellationRequested; write++)
        {
            var item = write % Items;
            await Task.WhenAll(tables.Select(table => PutAsync(table, item)));
            await tick.WaitForNextTickAsync(Ct);
        }
    }

    private async Task PutAsync(string table, int item)
    {
        var version = versions.AddOrUpdate((table, item), 1, (_, before) => before + 1).ToString(CultureInfo.InvariantCulture);
        await database.Client.PutItemAsync(table, new() { ["id"] = new($"{item}"), ["version"] = new() { N = version } }, Ct);
    }

    // In the order in which they were kept.
    private async Task<List<JsonElement>> ChangesAsync()
    {
        var answer = await AfterimageProcess.RunAsync(folder.Path, Ct, "search", "--trail", "sqlite:t.db", "--json", "--limit", "1000000");
        answer.ExitCode.ShouldBe(0, answer.Error);
        return [.. answer.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line)).Where(entry => entry.GetProperty("kind").GetString() == "change").Reverse()];
    }

    /// <summary>A worker that prints what it keeps, which is counted.</summary>
    private sealed class Worker : IDisposable
    {
        private readonly Process process;
        private readonly Task<int> kept;

        private Worker(Process process)
        {
            this.process = process;
            kept = CountAsync();
            _ = process.StandardError.ReadToEndAsync(Ct);
        }

        public static Worker Start(TempFolder folder, string[] run) => new(AfterimageProcess.Start(folder.Path, run));

        public void Signal(string name)
        {
            using var kill = Process.Start("kill", [$"-{name}", $"{process.Id}"]);
            kill.WaitForExit();
        }

        /// <summary>Kills it at once, and tells how many changes it had kept.</summary>
        public async Task<int> KillAsync()
        {
            process.HasExited.ShouldBeFalse();
            process.Kill();
            await process.WaitForExitAsync(Ct);
            return await kept;
        }

        public void Dispose() => process.Dispose();

        private async Task<int> CountAsync()
        {
            var lines = 0;
            while (await process.StandardOutput.ReadLineAsync(Ct) is { } line)
            {
                lines += line.Contains("INSERT", StringComparison.Ordinal) || line.Contains("MODIFY", StringComparison.Ordinal) ? 1 : 0;
            }

            return lines;
        }
    }
}
