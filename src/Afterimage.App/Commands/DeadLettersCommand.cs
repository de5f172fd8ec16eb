using System.CommandLine;
using Afterimage.App.Output;
using Afterimage.Relay;
using Afterimage.Trail;

namespace Afterimage.App.Commands;

/// <summary><c>dead-letters</c>: what sinks refused, and what becomes of it.</summary>
internal static class DeadLettersCommand
{
    public static Command Make(Surroundings surroundings)
    {
        var command = new Command("dead-letters", "What sinks refused: list it, have it sent again, or give it up");
        command.Add(List(surroundings));
        command.Add(Order(surroundings, "retry", "Has dead letters sent again, each item's in order", (letters, chosen, ct) => letters.RetryAsync(chosen, ct), "will be sent again"));
        command.Add(Order(surroundings, "drop", "Gives dead letters up: the trail keeps the entries", (letters, chosen, ct) => letters.DropAsync(chosen, ct), "will not be sent"));
        return command;
    }

    private static Option<string?> OfSink() => new("--sink") { Description = "Only those of this sink", HelpName = "ADDRESS" };

    private static Command List(Surroundings surroundings)
    {
        var sink = OfSink();
        var list = Invocation.Verb("list", "Every entry that was set aside, with what the target said", surroundings, async (parsed, call, ct) =>
        {
            await using var trail = await call.OpenToReadAsync(ct);
            var found = 0;
            await foreach (var letter in new DeadLetters(trail).AllAsync(ct).Where(letter => parsed.GetValue(sink) is not { } wanted || letter.Sink == wanted))
            {
                found++;
                await PrintAsync(call.Printer, trail, letter, ct);
            }

            call.Printer.Message(found == 0 ? "No sink has refused anything that is not settled." : $"{found} {(found == 1 ? "entry" : "entries")} set aside.");
            return ExitCode.Done;
        });
        list.Add(sink);
        return list;
    }

    private static Command Order(
        Surroundings surroundings, string name, string description, Func<DeadLetters, IEnumerable<DeadLetter>, CancellationToken, Task<int>> order, string outcome)
    {
        var (sink, ids) = (OfSink(), new Argument<string[]>("ID") { Description = "Ids of entries; none takes all", Arity = ArgumentArity.ZeroOrMore });
        var command = Invocation.Verb(name, description, surroundings, async (parsed, call, ct) =>
        {
            await call.DemandTrailAsync(ct);
            await using var trail = await call.OpenToWriteAsync(ct);
            var letters = new DeadLetters(trail);
            var dead = await letters.AllAsync(ct).Where(letter => letter.State == DeadLetterState.Dead && (parsed.GetValue(sink) is not { } wanted || letter.Sink == wanted)).ToListAsync(ct);
            var wanted = parsed.GetValue(ids) ?? [];
            var missing = wanted.Except(dead.Select(letter => letter.Entry.Value)).ToList();
            if (missing.Count > 0)
            {
                throw new UsageException([.. missing.Select(id => new Problem($"No sink has a dead letter '{id}'.", "afterimage dead-letters list shows those that there are."))]);
            }

            var ordered = await order(letters, dead.Where(letter => wanted.Length == 0 || wanted.Contains(letter.Entry.Value)), ct);
            call.Printer.Message($"{ordered} {(ordered == 1 ? "dead letter" : "dead letters")} {outcome}, by the worker that serves the sink: within seconds if one runs.");
            return ExitCode.Done;
        });
        command.Add(ids);
        command.Add(sink);
        return command;
    }

    private static async Task PrintAsync(Printer printer, ITrail trail, DeadLetter letter, CancellationToken ct)
    {
        var entry = await trail.FindAsync(letter.Entry, ct);
        if (printer.IsJson)
        {
            printer.Json(DeadLetterJson.Write(letter, entry));
            return;
        }

        var state = letter.State switch
        {
            DeadLetterState.Waiting => "[grey]waits for an earlier one of its item[/]",
            DeadLetterState.ToBeSent => "[green]will be sent again[/]",
            DeadLetterState.ToBeDropped => "[yellow]will not be sent[/]",
            _ => $"[red]refused {letter.Refusals} times[/]",
        };
        printer.Markup($"[bold]{Spectre.Console.Markup.Escape(letter.Sink)}[/] {letter.Entry} {state} {Spectre.Console.Markup.Escape(Text.Safe(letter.Reason ?? string.Empty))}");
        if (entry is not null)
        {
            printer.Line(entry);
        }
    }
}
