using System.CommandLine;
using System.CommandLine.Help;
using Afterimage.App.Commands;
using Afterimage.App.Output;

namespace Afterimage.App;

/// <summary>The `afterimage` program.</summary>
internal static class CommandLine
{
    private const string Name = "afterimage";

    /// <summary>Runs one command line and gives the exit code: 0 done, 1 failed, 2 wrong usage or configuration, 3 no such entry or altered, 4 incomplete.</summary>
    public static async Task<int> RunAsync(string[] args, Surroundings surroundings)
    {
        var printer = new Printer(surroundings, json: false, color: surroundings.Environment("NO_COLOR") is null);
        var parsed = Root(surroundings).Parse(args);
        if (parsed.Errors.Count > 0)
        {
            var verb = parsed.CommandResult.Command.Name == Name ? string.Empty : $" {parsed.CommandResult.Command.Name}";
            // "Required command was not provided" says nothing beside the word that was taken for one.
            var errors = parsed.UnmatchedTokens.Count > 0 && parsed.Errors.Count > 1 ? parsed.Errors.Skip(verb.Length == 0 ? 1 : 0) : parsed.Errors;
            printer.Errors([.. errors.Select(error => new Problem(error.Message, $"{Name}{verb} --help"))]);
            return ExitCode.Usage;
        }

        try
        {
            var configuration = new InvocationConfiguration { Output = surroundings.Out, Error = surroundings.Error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
            return await parsed.InvokeAsync(configuration, surroundings.Signals.Stop);
        }
        catch (OperationCanceledException) when (surroundings.Signals.Stop.IsCancellationRequested)
        {
            printer.Message("Stopped.");
            return ExitCode.Failed;
        }
        catch (Exception e) when (Explanation.Of(e) is { } explanation)
        {
            printer.Errors(explanation.Problems);
            return explanation.ExitCode;
        }
    }

    private static Command Root(Surroundings surroundings)
    {
        // A RootCommand would call itself by the name of its assembly; people start it as `afterimage`.
        var root = new Command(Name, "The audit trail for Amazon DynamoDB: every change of a table becomes one immutable entry that can be searched.");
        root.Add(new HelpOption());
        root.Add(new VersionOption());
        GlobalOptions.AddTo(root);
        root.Add(DemoCommand.Make(surroundings));
        root.Add(RunCommand.Make(surroundings));
        root.Add(EnableCommand.Make(surroundings));
        root.Add(DisableCommand.Make(surroundings));
        root.Add(HistoryCommand.Make(surroundings));
        root.Add(SearchCommand.Make(surroundings));
        root.Add(ShowCommand.Make(surroundings));
        root.Add(TailCommand.Make(surroundings));
        root.Add(StatusCommand.Make(surroundings));
        root.Add(GapsCommand.Make(surroundings));
        root.Add(DeadLettersCommand.Make(surroundings));
        root.Add(VerifyCommand.Make(surroundings));
        root.Add(ProveCommand.Make(surroundings));
        root.Add(VerifyProofCommand.Make(surroundings));
        root.Add(IamCommand.Make(surroundings));
        return root;
    }
}

/// <summary>What the program answers to its caller.</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int Usage = 2;
    public const int NoSuchEntry = 3;
    public const int Altered = 3;
    public const int Incomplete = 4;
}
