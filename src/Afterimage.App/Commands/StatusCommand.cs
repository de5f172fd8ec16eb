using System.CommandLine;
using System.Globalization;
using Afterimage.App.Output;
using Afterimage.Query;
using Afterimage.Relay;
using Afterimage.Streams.Watching;
using Afterimage.Trail;
using Spectre.Console;

namespace Afterimage.App.Commands;

/// <summary><c>status</c>: what the trail holds and how far it has read.</summary>
internal static class StatusCommand
{
    // A worker that reads notes so every five seconds.
    private static readonly TimeSpan SecondLookAfter = TimeSpan.FromSeconds(11);

    // Status has to answer at once; so many tell the share of a busy table well enough.
    private const int SharedEntriesMax = 5_000;

    public static Command Make(Surroundings surroundings)
    {
        var check = new Option<bool>("--check") { Description = "Only says whether everything is read in time, and ends with 1 where it is not" };
        var since = new Option<string>("--since") { Description = "From when on changes are looked at for who made them: 24h unless told", HelpName = "TIME", DefaultValueFactory = _ => "24h" };
        var command = Invocation.Verb("status", "Tables, shards, positions, lag, health, and the size of the trail", surroundings, async (parsed, call, ct) =>
        {
            var from = TimeText.Parse("--since", parsed.GetRequiredValue(since), surroundings.Time);
            await using var trail = await call.OpenToReadAsync(ct);
            return parsed.GetValue(check) ? await CheckAsync(call, trail, ct) : await ShowAsync(call, trail, from, ct);
        });
        command.Add(check);
        command.Add(since);
        return command;
    }

    private static async Task<int> ShowAsync(Invocation call, ITrail trail, DateTimeOffset from, CancellationToken ct)
    {
        var tables = await trail.TablesAsync(ct);
        var all = await trail.ShardsAsync(null, ct);
        var shards = all.Where(shard => shard.IsOfStream).ToList();
        var gaps = await trail.GapsAsync(ct);
        var size = await trail.SizeAsync(ct);
        var now = call.Surroundings.Time.GetUtcNow();
        var health = IntentHealth.Join(TrailHealth.Of(tables, shards, new HashSet<string>(), now, Limits(call)), await IntentHealth.SeenAsync(trail, shards, now, ct));
        var shares = new Dictionary<string, ActorShare>(StringComparer.Ordinal);
        foreach (var table in tables)
        {
            shares[table.Name] = await ActorShare.OfAsync(trail, table.Name, from, SharedEntriesMax, ct);
        }

        var sinks = await SinkState.AllAsync(trail, all, ct);
        if (call.Printer.IsJson)
        {
            call.Printer.Json(StatusJson.Write(call.Options.Trail, size, tables, shards, shares, sinks, gaps, health, now));
            return ExitCode.Done;
        }

        call.Printer.Markup($"[bold]{Markup.Escape(call.Options.Trail)}[/]  {size.Entries} entries{(size.Bytes is { } bytes ? $", {Bytes(bytes)}" : string.Empty)}");
        Print(call.Printer, health);
        foreach (var table in tables)
        {
            Print(call.Printer, table, [.. all.Where(shard => shard.Stream.Table == table.Name && (shard.IsOfStream || shard.Stream == table.Transactions?.Intake))], shares[table.Name], now);
        }

        foreach (var sink in sinks)
        {
            call.Printer.Markup(SinkStateView.Line(sink));
        }

        await call.PrintFooterAsync(trail, null, ct);
        return ExitCode.Done;
    }

    // The trail does not tell a worker that is far behind and catches up from none at all: whether something moves is seen by looking twice.
    private static async Task<int> CheckAsync(Invocation call, ITrail trail, CancellationToken ct)
    {
        var time = call.Surroundings.Time;
        var tables = await trail.TablesAsync(ct);
        var shards = await trail.ShardsAsync(null, ct);
        var health = TrailHealth.Of(tables, shards, new HashSet<string>(), time.GetUtcNow(), Limits(call));
        if (health.Reasons.Any(reason => reason.Cause == HealthCause.Abandoned))
        {
            await Task.Delay(SecondLookAfter, time, ct);
            var later = await trail.ShardsAsync(null, ct);
            health = TrailHealth.Of(tables, later, TrailHealth.Moved(shards, later), time.GetUtcNow(), Limits(call));
        }

        health = IntentHealth.Join(health, await IntentHealth.SeenAsync(trail, shards, time.GetUtcNow(), ct));
        if (call.Printer.IsJson)
        {
            call.Printer.Json(StatusJson.Write(health));
        }
        else
        {
            Print(call.Printer, health);
        }

        return health.Level == HealthLevel.Unhealthy ? ExitCode.Failed : ExitCode.Done;
    }

    private static HealthLimits Limits(Invocation call) => HealthLimits.For(call.Options.Capture.Pacing);

    /// <summary>How long ago everything written was known to be read; null where that was never known.</summary>
    public static TimeSpan? Lag(TrailShard shard, DateTimeOffset now) => shard.Progress.Finished ? null : WatchedShard.LagOf(shard.Progress.ReadThrough, now);

    /// <summary>How long until unread records may be trimmed; never below zero.</summary>
    public static TimeSpan? TimeToTrim(TrailShard shard, DateTimeOffset now) => shard.Progress.Finished ? null : WatchedShard.TimeToTrimOf(shard.Progress.ReadThrough, now);

    private static void Print(Printer printer, Health health)
    {
        printer.Markup(health.Level switch
        {
            HealthLevel.Healthy => "Health: [green]healthy[/]",
            HealthLevel.Alarm => "Health: [yellow]alarm[/]",
            _ => "Health: [red]unhealthy[/]",
        });
        foreach (var reason in health.Reasons)
        {
            printer.Markup($"  {Markup.Escape(reason.What)} [grey]{Markup.Escape(reason.Hint)}[/]");
        }
    }

    private static void Print(Printer printer, TrailTable table, IReadOnlyList<TrailShard> shards, ActorShare share, DateTimeOffset now)
    {
        printer.Markup(string.Empty);
        var key = table.SortKey is { } sort ? $"{table.PartitionKey.Name}, {sort.Name}" : table.PartitionKey.Name;
        printer.Markup($"[bold]{Markup.Escape(table.Name)}[/] [grey]({Markup.Escape(key)})[/]{(table.Followed ? string.Empty : " [yellow]not followed[/]")}{Way(table)}");
        if (shards.Count == 0)
        {
            printer.Markup("  [grey]nothing was read yet[/]");
            return;
        }

        var rows = new Table().Border(TableBorder.Simple).AddColumns("Shard", "State", "Entries", "Last entry", "Lag", "Time to trim");
        foreach (var shard in shards.OrderBy(shard => shard.Progress.Shard.Value, StringComparer.Ordinal))
        {
            rows.AddRow(
                Markup.Escape(shard.Progress.Shard.Value),
                shard.Progress.Finished ? "finished" : "open",
                shard.Entries.ToString(CultureInfo.InvariantCulture),
                shard.LastEntryTime is { } last ? last.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture) : "–",
                Lag(shard, now) is { } lag ? DurationText.Of(lag) : "–",
                TimeToTrim(shard, now) is { } left ? DurationText.Of(left) : "–");
        }

        printer.Table(rows);
        printer.Markup(ActorShareView.Line(share, printer.Moment(share.Since)));
    }

    private static string Way(TrailTable table) => table.Transactions switch
    {
        null => string.Empty,
        { Intake: null } => " [grey]joined with the intents of transactions[/]",
        _ => " [grey]by transactions alone[/]",
    };

    private static string Bytes(long bytes) => bytes switch
    {
        < 1 << 20 => $"{bytes / 1024.0:0.0} KiB",
        < 1 << 30 => $"{bytes / (1024.0 * 1024):0.0} MiB",
        _ => $"{bytes / (1024.0 * 1024 * 1024):0.0} GiB",
    };
}
