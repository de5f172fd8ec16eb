using System.CommandLine;
using Afterimage.Query;

namespace Afterimage.App.Commands;

/// <summary><c>tail</c>: entries as they are kept.</summary>
internal static class TailCommand
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500);

    public static Command Make(Surroundings surroundings)
    {
        var filters = new EntryFilters();
        var command = Invocation.Verb("tail", "Follows the trail live, until Ctrl-C", surroundings, async (parsed, call, ct) =>
        {
            await using var trail = await call.OpenToReadAsync(ct);
            var (filter, changed) = await filters.ReadAsync(parsed, call, trail, ct);
            call.Printer.Message($"Following {call.Options.Trail}; Ctrl-C ends.");
            try
            {
                await foreach (var entry in LiveTail.FollowAsync(trail, LookEvery, surroundings.Time, ct))
                {
                    if (Search.Fits(filter, changed, entry))
                    {
                        call.Printer.Line(entry);
                    }
                }
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                // Ctrl-C is how one ends it.
            }

            return ExitCode.Done;
        });
        filters.AddTo(command);
        return command;
    }
}
