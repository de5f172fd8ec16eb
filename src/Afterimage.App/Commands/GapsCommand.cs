using System.CommandLine;
using Afterimage.Entries;

namespace Afterimage.App.Commands;

/// <summary><c>gaps</c>: where changes are missing, or may be.</summary>
internal static class GapsCommand
{
    public static Command Make(Surroundings surroundings)
    {
        var command = new Command("gaps", "Where changes are missing, or may be, and who has taken note of it");
        command.Add(List(surroundings));
        command.Add(Acknowledge(surroundings));
        return command;
    }

    private static Command List(Surroundings surroundings) =>
        Invocation.Verb("list", "Every gap of the trail, oldest first", surroundings, async (_, call, ct) =>
        {
            await using var trail = await call.OpenToReadAsync(ct);
            var gaps = await trail.GapsAsync(ct);
            foreach (var gap in gaps)
            {
                call.Printer.Gap(gap);
            }

            var open = gaps.Count(gap => gap.Acknowledged is null);
            call.Printer.Message(gaps.Count == 0 ? "No gaps." : $"{gaps.Count} {(gaps.Count == 1 ? "gap" : "gaps")}, {open} of them not acknowledged.");
            return ExitCode.Done;
        });

    private static Command Acknowledge(Surroundings surroundings)
    {
        var id = new Argument<string>("ID") { Description = "The gap's id, from gaps list" };
        var reason = new Option<string>("--reason") { Description = "Why it is there, for whoever asks later", HelpName = "TEXT", Required = true };
        var command = Invocation.Verb("acknowledge", "Says that a gap is known: it stays in the trail, and answers no longer warn of it", surroundings, async (parsed, call, ct) =>
        {
            var (text, why) = (parsed.GetRequiredValue(id), parsed.GetRequiredValue(reason));
            var problems = new List<Problem>();
            if (!EntryId.TryParse(text, out var gap))
            {
                problems.Add(new Problem($"'{text}' is not the id of a gap.", "Copy it whole from afterimage gaps list."));
            }

            if (string.IsNullOrWhiteSpace(why))
            {
                problems.Add(new Problem("--reason is empty.", "Write why the gap is there: --reason \"worker was down over the weekend\"."));
            }

            if (problems.Count > 0)
            {
                throw new UsageException(problems);
            }

            await call.DemandTrailAsync(ct);
            await using var trail = await call.OpenToWriteAsync(ct);
            if (await trail.AcknowledgeGapAsync(gap, surroundings.Time.GetUtcNow(), why, ct) is not { } held)
            {
                throw new AfterimageException($"The trail {call.Options.Trail} holds no gap {gap}.", "See what it holds: afterimage gaps list");
            }

            call.Printer.Gap(held);
            if (held.Reason != why)
            {
                call.Printer.Warn("It was acknowledged before, and the first reason stays.");
            }

            return ExitCode.Done;
        });
        command.Add(id);
        command.Add(reason);
        return command;
    }
}
