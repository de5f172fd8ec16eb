using System.CommandLine;
using Afterimage.Hosting;

namespace Afterimage.App;

/// <summary>The options that every verb takes, and how they join with the file and the environment.</summary>
internal static class GlobalOptions
{
    private static readonly Option<string?> Config = new("--config") { Description = $"Configuration file (default {ConfigurationFile.DefaultPath} if present)", HelpName = "FILE", Recursive = true };
    private static readonly Option<string?> Trail = new("--trail") { Description = $"Where the trail is (default {AfterimageOptions.DefaultTrail})", HelpName = "URI", Recursive = true };
    private static readonly Option<string?> Region = new("--region") { Description = "AWS region of the audited tables", HelpName = "REGION", Recursive = true };
    private static readonly Option<string?> Profile = new("--profile") { Description = "Profile of the shared AWS configuration", HelpName = "NAME", Recursive = true };
    private static readonly Option<string?> Endpoint = new("--endpoint") { Description = "Endpoint of the audited tables' DynamoDB and Streams", HelpName = "URL", Recursive = true };
    private static readonly Option<string?> TrailEndpoint = new("--trail-endpoint") { Description = "Endpoint of the DynamoDB that the trail is in (default --endpoint)", HelpName = "URL", Recursive = true };
    private static readonly Option<bool> Json = new("--json") { Description = "JSON Lines on standard output, and nothing else there", Recursive = true };
    private static readonly Option<bool> Explain = new("--explain") { Description = "Says what a question read from a trail in DynamoDB, and by which index", Recursive = true };
    private static readonly Option<bool> NoColor = new("--no-color") { Description = "No colours", Recursive = true };

    public static void AddTo(Command root)
    {
        foreach (var option in new Option[] { Config, Trail, Region, Profile, Endpoint, TrailEndpoint, Json, Explain, NoColor })
        {
            root.Add(option);
        }
    }

    /// <summary>What is in force: the defaults, then the file, then the environment, then the command line.</summary>
    /// <exception cref="UsageException">Everything that is wrong with them.</exception>
    public static AfterimageOptions Read(ParseResult parsed, Func<string, string?> environment)
    {
        var options = EnvironmentSettings.Apply(ReadFile(parsed.GetValue(Config) ?? environment(EnvironmentSettings.ConfigFile)), environment);
        options = options with
        {
            NamedTrail = parsed.GetValue(Trail) ?? options.NamedTrail,
            Region = parsed.GetValue(Region) ?? options.Region,
            Profile = parsed.GetValue(Profile) ?? options.Profile,
            Endpoint = parsed.GetValue(Endpoint) ?? options.Endpoint,
            TrailEndpoint = parsed.GetValue(TrailEndpoint) ?? options.TrailEndpoint,
            Json = parsed.GetValue(Json) || options.Json,
            Explain = parsed.GetValue(Explain),
            Color = !parsed.GetValue(NoColor) && options.Color,
        };
        (string Name, string? Value)[] addresses = [("--endpoint", options.Endpoint), ("--trail-endpoint", options.TrailEndpoint)];
        List<Problem> problems =
        [
            .. addresses.Where(one => one.Value is not null && !ConfigurationFile.IsHttp(one.Value))
                .Select(one => new Problem($"{one.Name} is '{one.Value}', which is no address.", "Write it as http://host:port or https://host.")),
        ];
        return problems.Count == 0 ? options : throw new UsageException(problems);
    }

    private static AfterimageOptions ReadFile(string? named)
    {
        var path = named ?? ConfigurationFile.DefaultPath;
        try
        {
            return File.Exists(path) || named is not null ? ConfigurationFile.Read(path, File.ReadAllBytes(path)) : new AfterimageOptions();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"The configuration file {path} cannot be read: {e.Message}", "Name another one with --config, or make it readable.");
        }
    }
}
