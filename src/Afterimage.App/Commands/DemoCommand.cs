using System.CommandLine;
using Afterimage.App.Demo;

namespace Afterimage.App.Commands;

/// <summary><c>demo</c>: the whole program at work on a table of its own.</summary>
internal static class DemoCommand
{
    public static Command Make(Surroundings surroundings)
    {
        var changes = CountOption.Make("--changes", "How many changes to make (default 40 with --exit, else without end)");
        var exit = new Option<bool>("--exit") { Description = "Ends after the changes, with one item's history" };
        var command = Invocation.Verb(
            "demo",
            "Shows it all: a local DynamoDB, an Orders table, people changing orders, the trail",
            surroundings,
            (parsed, call, ct) => DemoShow.RunAsync(call, parsed.GetValue(changes) ?? (parsed.GetValue(exit) ? 40 : null), parsed.GetValue(exit), ct));
        command.Add(changes);
        command.Add(exit);
        return command;
    }
}
