using System.Globalization;
using Afterimage.Capture;
using Afterimage.Entries;

namespace Afterimage.Hosting;

/// <summary>The environment variables that stand for settings of the file; a variable wins over the file, an option of the command line over both.</summary>
public static class EnvironmentSettings
{
    /// <summary>The variable that names the configuration file.</summary>
    public const string ConfigFile = "AFTERIMAGE_CONFIG";

    /// <summary>Puts what the environment says over what the file says.</summary>
    /// <exception cref="UsageException">Everything that is wrong with the variables.</exception>
    public static AfterimageOptions Apply(AfterimageOptions options, Func<string, string?> environment)
    {
        var problems = new List<Problem>();
        var capture = options.Capture with
        {
            Pacing = new(Duration("AFTERIMAGE_MAX_LATENCY") ?? options.Capture.Pacing.MaxLatency, Duration("AFTERIMAGE_IDLE_POLL") ?? options.Capture.Pacing.IdlePoll),
            Drain = Flag("AFTERIMAGE_DRAIN") ?? options.Capture.Drain,
            DrainAfter = Duration("AFTERIMAGE_DRAIN_AFTER") ?? options.Capture.DrainAfter,
        };
        options = options with
        {
            Tables = Text("AFTERIMAGE_TABLES") is { } names ? Tables(names) : options.Tables,
            Sinks = Text("AFTERIMAGE_SINKS") is { } addresses ? SinkSection.Named(options, addresses, problems) : options.Sinks,
            Capture = capture,
            Proof = ProofSection.Apply(options.Proof, Text, Duration, problems),
            NamedTrail = Text("AFTERIMAGE_TRAIL") ?? options.NamedTrail,
            Region = Text("AFTERIMAGE_REGION") ?? options.Region,
            Profile = Text("AFTERIMAGE_PROFILE") ?? options.Profile,
            Endpoint = Endpoint("AFTERIMAGE_ENDPOINT") ?? options.Endpoint,
            TrailEndpoint = Endpoint("AFTERIMAGE_TRAIL_ENDPOINT") ?? options.TrailEndpoint,
            Json = Flag("AFTERIMAGE_JSON") ?? options.Json,
            Color = Text("NO_COLOR") is null && (Flag("AFTERIMAGE_COLOR") ?? options.Color),
            Limit = Count("AFTERIMAGE_LIMIT") ?? options.Limit,
        };
        return problems.Count == 0 ? options : throw new UsageException(problems);

        string? Text(string name) => environment(name) is { Length: > 0 } text ? text : null;

        bool? Flag(string name) => Text(name) switch
        {
            null => null,
            "true" or "1" => true,
            "false" or "0" => false,
            var text => Wrong<bool>(name, text, "true or false"),
        };

        TimeSpan? Duration(string name) => Text(name) is not { } text ? null
            : DurationText.Parse(text) is { } duration && duration > TimeSpan.Zero ? duration : Wrong<TimeSpan>(name, text, "a duration such as 200ms, 5s or 10m");

        int? Count(string name) => Text(name) is not { } text ? null
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0 ? count : Wrong<int>(name, text, "a whole number above 0");

        string? Endpoint(string name) => Text(name) is not { } text ? null
            : ConfigurationFile.IsHttp(text) ? text : (Wrong<int>(name, text, "http://host:port or https://host") is null ? null : text);

        T? Wrong<T>(string name, string text, string expected)
            where T : struct
        {
            problems.Add(new Problem($"{name} is '{text}'.", $"Set it to {expected}."));
            return null;
        }

        IReadOnlyList<TableOptions> Tables(string text)
        {
            var wanted = text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            problems.AddRange(wanted.Where(name => !NamePattern.IsValid(name)).Select(name =>
                new Problem($"AFTERIMAGE_TABLES names '{name}', which no table can have.", "Give tables' names with commas between; * stands for any characters.")));
            return options.Only(wanted);
        }
    }
}
