using System.CommandLine;
using Afterimage.Query;
using Afterimage.Trail;

namespace Afterimage.App.Commands;

/// <summary><c>history TABLE KEY</c>: the changes of one item, or of all under a partition key.</summary>
internal static class HistoryCommand
{
    public static Command Make(Surroundings surroundings)
    {
        var table = new Argument<string>("TABLE") { Description = "The audited table" };
        var key = new Argument<string>("KEY") { Description = "order_id=123 · UserId=u1,OrderId=o1 · the partition key alone · DynamoDB JSON" };
        var reverse = new Option<bool>("--reverse") { Description = "Newest first" };
        var since = new Option<string?>("--since") { Description = "Only changes since then: 2026-11-21, 2026-11-21T20:11:12Z, or 2h", HelpName = "TIME" };
        var limit = CountOption.Limit();
        var fold = FoldOption.Make();
        var command = Invocation.Verb("history", "The changes of an item, oldest first, with what differs", surroundings, async (parsed, call, ct) =>
        {
            await using var trail = await call.OpenToReadAsync(ct);
            var known = await call.TableAsync(trail, parsed.GetRequiredValue(table), ct);
            var item = KeyText.Parse(parsed.GetRequiredValue(key), known);
            var from = parsed.GetValue(since) is { } text ? TimeText.Parse("--since", text, surroundings.Time) : (DateTimeOffset?)null;
            var count = 0;
            var most = parsed.GetValue(limit) ?? call.Options.Limit;
            await foreach (var entry in trail.HistoryAsync(new HistoryFilter(known.Name, item, parsed.GetValue(reverse), from), ct))
            {
                if (parsed.GetValue(fold) && await FoldedMarks.IsUsedAsync(trail, entry, ct))
                {
                    continue;
                }

                if (count++ == most)
                {
                    call.Printer.Message($"There are more: raise --limit above {most}.");
                    break;
                }

                call.Printer.Block(entry);
            }

            if (count == 0)
            {
                call.Printer.Message("No change of this item is in the trail.");
            }

            await call.PrintFooterAsync(trail, known.Name, ct);
            return ExitCode.Done;
        });
        command.Add(table);
        command.Add(key);
        command.Add(reverse);
        command.Add(since);
        command.Add(limit);
        command.Add(fold);
        return command;
    }
}
