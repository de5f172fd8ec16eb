using Afterimage.Entries;
using Afterimage.Relay;

namespace Afterimage.Hosting;

/// <summary>Reads where entries are passed on to. The names are those that stacks of functions behind streams have for the same things.</summary>
internal static class SinkSection
{
    private const string Latest = "LATEST";
    private const string TrimHorizon = "TRIM_HORIZON";
    private const string Wait = "wait";
    private const string Pass = "pass";

    /// <summary>Reads a section.</summary>
    public static SinkOptions Read(JsonSection section)
    {
        var address = section.Text("to") ?? string.Empty;
        var group = section.Text("logGroupName");
        if (group is not null && address is not ("logs:" or "logs"))
        {
            section.Reject("logGroupName", $"stands beside the address '{address}'.", "Write \"to\": \"logs:GROUP\", or \"to\": \"logs:\" with it.");
        }

        var options = new SinkOptions(group is null ? address : $"logs:{group}");
        options = options with
        {
            GivenName = section.Text("name"),
            Filter = Filter(section),
            BatchSize = section.Count("batchSize"),
            MaxBatchingWindow = section.Duration("maxBatchingWindow") ?? options.MaxBatchingWindow,
            RetryAttempts = section.Count("retryAttempts", least: 0) ?? options.RetryAttempts,
            BisectBatchOnError = section.Flag("bisectBatchOnError") ?? options.BisectBatchOnError,
            FromBeginning = Word(section, "startFrom", Latest, TrimHorizon) == TrimHorizon,
            PassDeadLetters = Word(section, "deadLetters", Wait, Pass) == Pass,
            Region = section.Text("region"),
            Retention = section.Duration("retention"),
            Subscriptions = section.Texts("subscriptions"),
            Bucket = section.Text("bucket"),
            Role = section.Text("role"),
        };
        if (section.Flag("fifo") is { } fifo && fifo != options.To.EndsWith(".fifo", StringComparison.Ordinal))
        {
            section.Reject("fifo", $"is {(fifo ? "true" : "false")}, and the address '{options.To}' says otherwise.", "Names of FIFO topics and queues end with .fifo.");
        }

        foreach (var problem in SinkProblems.Of(options))
        {
            section.Reject(problem);
        }

        section.RejectUnknown();
        return options;
    }

    /// <summary>The sinks of a list of addresses with commas between; what the file says of them holds on.</summary>
    public static IReadOnlyList<SinkOptions> Named(AfterimageOptions options, string addresses, List<Problem> problems)
    {
        try
        {
            return options.SinksOf(addresses.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        }
        catch (UsageException e)
        {
            problems.AddRange(e.Problems);
            return [];
        }
    }

    /// <summary>A sink that is named by its address alone.</summary>
    public static SinkOptions Of(string address, List<Problem> problems)
    {
        var options = new SinkOptions(address);
        problems.AddRange(SinkProblems.Of(options));
        return options;
    }

    private static SinkFilter Filter(JsonSection section)
    {
        var tables = section.Texts("tables");
        foreach (var wrong in tables.Where(name => !NamePattern.IsValid(name)))
        {
            section.Reject("tables", $"names '{wrong}', which no table can have.", "Give names of tables; * stands for any characters.");
        }

        return new SinkFilter { Tables = tables, Actions = Actions(section), Actors = section.Texts("actors"), Changed = Changed(section) };
    }

    private static List<ChangeAction> Actions(JsonSection section)
    {
        var found = new List<ChangeAction>();
        foreach (var word in section.Texts("actions"))
        {
            try
            {
                found.Add(EntryWords.ReadAction(word));
            }
            catch (FormatException)
            {
                section.Reject("actions", $"holds '{word}'.", "Write INSERT, MODIFY or REMOVE.");
            }
        }

        return found;
    }

    private static ChangedFilter? Changed(JsonSection section)
    {
        var (path, from, to) = (section.Text("changed"), section.Text("changedFrom"), section.Text("changedTo"));
        if (path is null)
        {
            if (from is not null || to is not null)
            {
                section.Reject(from is null ? "changedTo" : "changedFrom", "says nothing without the attribute.", "Name it: \"changed\": \"/price\".");
            }

            return null;
        }

        try
        {
            return new ChangedFilter(AttributePath.Parse(path), from, to);
        }
        catch (FormatException e)
        {
            section.Reject("changed", $"is '{path}': {e.Message}", "Write a path such as /status or /card/number.");
            return null;
        }
    }

    private static string? Word(JsonSection section, string name, string one, string other)
    {
        var word = section.Text(name);
        if (word is not null && word != one && word != other)
        {
            section.Reject(name, $"is '{word}'.", $"Write {one} or {other}.");
        }

        return word;
    }
}
