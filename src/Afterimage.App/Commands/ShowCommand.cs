using System.CommandLine;
using Afterimage.Entries;

namespace Afterimage.App.Commands;

/// <summary><c>show ID</c>: one entry.</summary>
internal static class ShowCommand
{
    public static Command Make(Surroundings surroundings)
    {
        var id = new Argument<string>("ID") { Description = "The entry's id" };
        var command = Invocation.Verb("show", "One entry", surroundings, async (parsed, call, ct) =>
        {
            var text = parsed.GetRequiredValue(id);
            if (!EntryId.TryParse(text, out var wanted))
            {
                throw new UsageException($"'{text}' is not the id of an entry.", "Copy it whole from history or search: 26 characters, of which one may be mistyped.");
            }

            await using var trail = await call.OpenToReadAsync(ct);
            if (await trail.FindAsync(wanted, ct) is not { } entry)
            {
                call.Printer.Error(new Problem($"The trail {call.Options.Trail} holds no entry {wanted}.", "Name another trail with --trail, or look for it with afterimage search."));
                return ExitCode.NoSuchEntry;
            }

            call.Printer.Whole(entry);
            return ExitCode.Done;
        });
        command.Add(id);
        return command;
    }
}
