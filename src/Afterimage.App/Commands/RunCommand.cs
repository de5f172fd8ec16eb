using System.CommandLine;
using Afterimage.App.Output;
using Afterimage.Capture;
using Afterimage.Entries;
using Afterimage.Streams.Aws;
using Afterimage.Streams.Reading;
using Afterimage.Trail;

namespace Afterimage.App.Commands;

/// <summary><c>run</c>: the worker.</summary>
internal static class RunCommand
{
    // Tries come to lie 30 seconds apart: every five minutes it is said again.
    private const int RemindEvery = 10;

    // In a table a note of how far a quiet shard was read is a write unit; in a file it is next to nothing.
    private static readonly TimeSpan NotesInTable = TimeSpan.FromMinutes(1);

    public static Command Make(Surroundings surroundings)
    {
        var table = new Option<string[]>("--table") { Description = "A table to follow; * stands for any characters. Repeatable", HelpName = "NAME", AllowMultipleArgumentsPerToken = true };
        var sink = new Option<string[]>("--sink") { Description = "Where entries are passed on to, such as console: or file:entries.jsonl. Repeatable", HelpName = "ADDRESS", AllowMultipleArgumentsPerToken = true };
        var drain = new Option<bool>("--drain") { Description = "Ends once everything there is has been read" };
        var drainAfter = new Option<string?>("--drain-after") { Description = "How long every shard must be quiet for that (default 2s)", HelpName = "TIME" };
        var command = Invocation.Verb("run", "Follows tables: every change becomes an entry in the trail", surroundings, (parsed, call, _) =>
        {
            var options = call.Options;
            if (parsed.GetValue(table) is { Length: > 0 } names)
            {
                options = options with { Tables = options.Only(names) };
            }

            if (parsed.GetValue(sink) is { Length: > 0 } addresses)
            {
                options = options with { Sinks = options.SinksOf(addresses) };
            }

            var capture = options.Capture with { Drain = parsed.GetValue(drain) || options.Capture.Drain };
            if (parsed.GetValue(drainAfter) is { } text)
            {
                var quiet = DurationText.Parse(text) ?? throw new UsageException($"--drain-after is '{text}', which is no duration.", "Write 500ms, 2s or 1m.");
                capture = capture with { DrainAfter = quiet };
            }

            return RunAsync(call with { Options = options with { Capture = capture } });
        });
        command.Add(table);
        command.Add(sink);
        command.Add(drain);
        command.Add(drainAfter);
        return command;
    }

    private static async Task<int> RunAsync(Invocation call)
    {
        CheckTables(call.Options.Tables, call.Options.Sinks.Count > 0);
        using var telemetry = Telemetry.Start(call.Surroundings);
        var (stop, abandon) = (call.Surroundings.Signals.Stop, call.Surroundings.Signals.Abandon);
        await using var trail = await call.OpenToWriteAsync(stop);
        using var accounts = call.ConnectToAws();
        var view = new LiveView(call.Printer, showsEntries: !call.Options.Sinks.Any(TrailRelay.IsConsole));
        var source = new TableSource(call.Options.Tables, accounts.RegionOf, new TrailLedger(trail), view, call.Surroundings.Time);
        await WaitForTablesAsync(call, source, stop);
        call.Printer.Message(call.Options.Tables.Any(table => table.Enabled)
            ? $"Following {string.Join(", ", source.Tables)} into {call.Options.Trail}. A stream allows two readers; a Lambda trigger counts as one."
            : $"Following no table: what others keep in {call.Options.Trail} is sealed and passed on.");
        var capture = call.Options.Capture;
        await using var relay = await TrailRelay.StartAsync(call, trail, telemetry is null ? view : new EntryMeter(telemetry.Entries, view));
        if (telemetry is not null)
        {
            relay.Measure(telemetry.Entries);
        }

        using var recorder = new Recorder(trail, call.Options.RulesOf, relay, call.Surroundings.Secrets);
        await using var sealing = await TrailSealing.StartAsync(call, trail, stop);
        await using var intents = IntentTaking.Start(call, trail);
        var working = new WorkerOptions { Pacing = capture.Pacing, DrainAfter = capture.Drain ? capture.DrainAfter : null };
        var worker = new StreamsWorker(
            recorder,
            Trails.IsInTable(call.Options.Trail) ? working with { NoteReadThroughEvery = NotesInTable } : working,
            view,
            call.Surroundings.Time,
            call.Surroundings.Random,
            trail.Leases,
            telemetry?.Streams);
        await worker.RunAsync(source, stop, abandon);
        await intents.FinishAsync(abandon);
        await sealing.FinishAsync(abandon);
        var isServed = await relay.FinishAsync(capture.Drain, abandon);

        var size = await trail.SizeAsync(abandon);
        call.Printer.Message($"Kept {view.Kept + intents.Taken} {(view.Kept + intents.Taken == 1 ? "entry" : "entries")} in this run; the trail holds {size.Entries}.");
        if (view.Unreadable > 0)
        {
            call.Printer.Warn($"{view.Unreadable} records could not be read. Their bytes are kept: afterimage search --json shows them.");
        }

        await call.PrintFooterAsync(trail, null, abandon);

        // A run that is to read everything has not done so where a table could not even be looked at, or a sink has not had it.
        return capture.Drain && (source.HasFailures || !isServed) ? ExitCode.Failed : ExitCode.Done;
    }

    // Beside functions that fill the trail, a worker may be there for the sinks alone.
    private static void CheckTables(IReadOnlyList<TableOptions> tables, bool hasSinks)
    {
        if (!hasSinks && tables.All(table => !table.Enabled))
        {
            throw new UsageException("No table is named.", "Name one: afterimage run --table Orders. Or list them under \"tables\" in afterimage.json.");
        }

        var wrong = tables.Where(table => !NamePattern.IsValid(table.Name)).ToList();
        if (wrong.Count > 0)
        {
            throw new UsageException([.. wrong.Select(table => new Problem($"'{table.Name}' is no table's name.", "Names have letters, digits, _ - and . only; * stands for any characters."))]);
        }
    }

    // What is wrong with the tables is said before anything is read, and an endpoint that is down is waited for.
    private static async Task WaitForTablesAsync(Invocation call, TableSource source, CancellationToken ct)
    {
        var failures = 0;
        while (true)
        {
            try
            {
                await source.LookAsync(ct);
                return;
            }
            catch (EndpointUnreachableException e)
            {
                if (failures % RemindEvery == 0)
                {
                    call.Printer.Warn($"{e.Text.TrimEnd('.')}. Waiting for it; Ctrl-C ends.");
                }

                var pause = TimeSpan.FromSeconds(Math.Min(30, Math.Pow(2, failures++)));
                await Task.Delay(pause, call.Surroundings.Time, ct);
            }
        }
    }
}
