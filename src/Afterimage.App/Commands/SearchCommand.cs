using System.CommandLine;
using Afterimage.Query;
using Afterimage.Trail;

namespace Afterimage.App.Commands;

/// <summary><c>search</c>: entries that fit any filters together.</summary>
internal static class SearchCommand
{
    public static Command Make(Surroundings surroundings)
    {
        var filters = new EntryFilters();
        var limit = CountOption.Limit();
        var fold = FoldOption.Make();
        var after = new Option<string?>("--after") { Description = "Go on where an earlier answer ended", HelpName = "CURSOR" };
        var command = Invocation.Verb("search", "Entries that fit every filter, newest first", surroundings, async (parsed, call, ct) =>
        {
            await using var trail = await call.OpenToReadAsync(ct);
            var (filter, changed) = await filters.ReadAsync(parsed, call, trail, ct);
            filter = filter with { After = parsed.GetValue(after) is { } cursor ? new SearchCursor(cursor) : null };
            var most = parsed.GetValue(limit) ?? call.Options.Limit;
            var count = 0;
            SearchCursor? last = null;
            await foreach (var found in Search.RunAsync(trail, filter, changed, ct))
            {
                if (parsed.GetValue(fold) && await FoldedMarks.IsUsedAsync(trail, found.Entry, ct))
                {
                    continue;
                }

                if (count++ == most)
                {
                    call.Printer.Message($"There are more: --after {last?.Value}");
                    break;
                }

                call.Printer.Line(found.Entry);
                last = found.Cursor;
            }

            if (count == 0)
            {
                call.Printer.Message("Nothing fits.");
            }

            await call.PrintFooterAsync(trail, filter.Table, ct);
            return ExitCode.Done;
        });
        filters.AddTo(command);
        command.Add(limit);
        command.Add(fold);
        command.Add(after);
        return command;
    }
}
