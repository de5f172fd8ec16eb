using System.CommandLine;
using System.Globalization;
using Afterimage.App.Output;
using Afterimage.Trail;
using Spectre.Console;

namespace Afterimage.App.Commands;

/// <summary><c>status</c>: what the trail holds and how far it has read.</summary>
internal static class StatusCommand
{
    // Records live for 24 hours in a stream (developer guide, "Change data capture for DynamoDB Streams").
    private static readonly TimeSpan Retention = TimeSpan.FromHours(24);

    public static Command Make(Surroundings surroundings) =>
        Invocation.Verb("status", "Tables, shards, positions, lag, and the size of the trail", surroundings, async (_, call, ct) =>
        {
            await using var trail = await call.OpenToReadAsync(ct);
            var tables = await trail.TablesAsync(ct);
            var shards = (await trail.ShardsAsync(null, ct)).Where(shard => shard.IsOfStream).ToList();
            var gaps = await trail.GapsAsync(ct);
            var size = await trail.SizeAsync(ct);
            var now = surroundings.Time.GetUtcNow();
            if (call.Printer.IsJson)
            {
                call.Printer.Json(StatusJson.Write(call.Options.Trail, size, tables, shards, gaps, now));
                return ExitCode.Done;
            }

            call.Printer.Markup($"[bold]{Markup.Escape(call.Options.Trail)}[/]  {size.Entries} entries{(size.Bytes is { } bytes ? $", {Bytes(bytes)}" : string.Empty)}");
            foreach (var table in tables)
            {
                Print(call.Printer, table, [.. shards.Where(shard => shard.Stream.Table == table.Name)], now);
            }

            await call.PrintFooterAsync(trail, null, ct);
            return ExitCode.Done;
        });

    /// <summary>How long ago everything written was known to be read; null where that was never known.</summary>
    public static TimeSpan? Lag(TrailShard shard, DateTimeOffset now) => shard.Progress.Finished ? null : now - shard.Progress.ReadThrough;

    /// <summary>How long until unread records may be trimmed; never below zero.</summary>
    public static TimeSpan? TimeToTrim(TrailShard shard, DateTimeOffset now) =>
        Lag(shard, now) is { } lag ? (lag < Retention ? Retention - lag : TimeSpan.Zero) : null;

    private static void Print(Printer printer, TrailTable table, IReadOnlyList<TrailShard> shards, DateTimeOffset now)
    {
        printer.Markup(string.Empty);
        var key = table.SortKey is { } sort ? $"{table.PartitionKey.Name}, {sort.Name}" : table.PartitionKey.Name;
        printer.Markup($"[bold]{Markup.Escape(table.Name)}[/] [grey]({Markup.Escape(key)})[/]{(table.Followed ? string.Empty : " [yellow]not followed[/]")}");
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
                Lag(shard, now) is { } lag ? Duration(lag) : "–",
                TimeToTrim(shard, now) is { } left ? Duration(left) : "–");
        }

        printer.Table(rows);
    }

    private static string Duration(TimeSpan span) => span switch
    {
        { TotalMinutes: < 1 } => $"{Math.Max(0, (int)span.TotalSeconds)}s",
        { TotalHours: < 1 } => $"{(int)span.TotalMinutes}m {span.Seconds}s",
        _ => $"{(int)span.TotalHours}h {span.Minutes}m",
    };

    private static string Bytes(long bytes) => bytes switch
    {
        < 1 << 20 => $"{bytes / 1024.0:0.0} KiB",
        < 1 << 30 => $"{bytes / (1024.0 * 1024):0.0} MiB",
        _ => $"{bytes / (1024.0 * 1024 * 1024):0.0} GiB",
    };
}
