using System.Text.Json;
using Afterimage.Entries;

namespace Afterimage.Lambda;

/// <summary>Logs as JSON, a line each, which is how Lambda and CloudWatch take them apart.</summary>
internal sealed class FunctionLog(TextWriter output, TimeProvider clock)
{
    /// <summary>Writes entries themselves, for <c>console:</c>.</summary>
    public void Show(IReadOnlyList<AuditEntry> entries)
    {
        foreach (var entry in entries)
        {
            output.WriteLine(EntryJson.ToText(entry));
        }
    }

    /// <summary>Tells what a call did.</summary>
    public void Info(string message, params ReadOnlySpan<(string Name, object? Value)> fields) => Write("INFO", message, fields);

    /// <summary>Tells what somebody must look at.</summary>
    public void Warning(string message, params ReadOnlySpan<(string Name, object? Value)> fields) => Write("WARN", message, fields);

    /// <summary>Tells what failed.</summary>
    public void Error(string message, Exception error, params ReadOnlySpan<(string Name, object? Value)> fields) =>
        Write("ERROR", message, [.. fields, ("error", error.Message), ("hint", HintOf(error)), ("errorType", error.GetType().Name)]);

    /// <summary>Tells what failed where no exception says so.</summary>
    public void Error(string message, params ReadOnlySpan<(string Name, object? Value)> fields) => Write("ERROR", message, fields);

    private static string? HintOf(Exception error) => error switch
    {
        AfterimageException one => one.Hint,
        UsageException several => string.Join(' ', several.Problems.Select(problem => problem.Hint)),
        _ => null,
    };

    private void Write(string level, string message, ReadOnlySpan<(string Name, object? Value)> fields)
    {
        var line = new Dictionary<string, object?> { ["timestamp"] = clock.GetUtcNow(), ["level"] = level, ["message"] = message };
        foreach (var (name, value) in fields)
        {
            if (value is not null)
            {
                line[name] = value;
            }
        }

        output.WriteLine(JsonSerializer.Serialize(line));
    }
}
