using System.Text.Json;
using Afterimage.Capture;
using Afterimage.Entries;
using Afterimage.Streams.Reading;

namespace Afterimage.Hosting;

/// <summary>Reads <c>afterimage.json</c>: strictly, and reporting every problem at once.</summary>
public static class ConfigurationFile
{
    /// <summary>The file that is read when it is there and no other was named.</summary>
    public const string DefaultPath = "afterimage.json";

    // People comment their configuration; editors end lists with a comma.
    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>Reads a file's text.</summary>
    /// <exception cref="UsageException">Everything that is wrong with it.</exception>
    public static AfterimageOptions Read(string path, ReadOnlyMemory<byte> utf8)
    {
        var problems = new List<Problem>();
        try
        {
            using var document = JsonDocument.Parse(utf8, Lenient);
            var options = Read(new JsonSection(document.RootElement, string.Empty, problems));
            return problems.Count == 0 ? options : throw new UsageException([.. problems.Select(problem => problem with { What = $"{path}: {problem.What}" })]);
        }
        catch (JsonException e)
        {
            throw new UsageException($"{path} is not JSON: {e.Message}", "Mend the file at that place.");
        }
    }

    private static AfterimageOptions Read(JsonSection root)
    {
        var defaults = new AfterimageOptions();
        _ = root.Text("$schema");
        var options = new AfterimageOptions
        {
            Tables = [.. root.Sections("tables").Select(Table)],
            NamedTrail = root.Text("trail"),
            Region = root.Text("region"),
            Profile = root.Text("profile"),
            Endpoint = root.Text("endpoint"),
            TrailEndpoint = root.Text("trailEndpoint"),
            Json = root.Flag("json") ?? defaults.Json,
            Color = root.Flag("color") ?? defaults.Color,
            Limit = root.Count("limit") ?? defaults.Limit,
            Capture = Capture(root.Section("capture"), defaults.Capture),
            Sinks = [.. root.SectionsOrTexts("sinks", "to").Select(SinkSection.Read)],
            Proof = ProofSection.Read(root.Section("proof"), defaults.Proof),
        };
        foreach (var (name, address) in ((string, string?)[])[("endpoint", options.Endpoint), ("trailEndpoint", options.TrailEndpoint)])
        {
            if (address is not null && !IsHttp(address))
            {
                root.Reject(name, $"is '{address}', which is no address.", "Write it as http://host:port or https://host.");
            }
        }

        root.RejectUnknown();
        return options;
    }

    /// <summary>Whether a text is the address of an endpoint.</summary>
    public static bool IsHttp(string text) => Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https";

    private static TableOptions Table(JsonSection section)
    {
        var name = section.Text("name") ?? string.Empty;
        if (!NamePattern.IsValid(name))
        {
            section.Reject("name", name.Length == 0 ? "is missing." : $"is '{name}', which no table can have.", "Give the table's name; * stands for any characters.");
        }

        var rules = new TableRules
        {
            Service = section.Text("service"),
            Actor = Pointer(section, "actor", section.Text("actor")),
            Stamp = section.Text("stamp") ?? TableRules.None.Stamp,
            Entity = Pointer(section, "entity", section.Text("entity")),
            Tenant = Pointer(section, "tenant", section.Text("tenant")),
            Ignore = Pointers(section, "ignore"),
            Redact = Pointers(section, "redact"),
        };
        RejectLeaks(section, rules);
        var options = TablePlace.Read(section, new TableOptions(name, rules, section.Flag("enabled") ?? true));
        section.RejectUnknown();
        return options;
    }

    // What is named in every entry cannot be kept out of it.
    private static void RejectLeaks(JsonSection section, TableRules rules)
    {
        foreach (var (name, path) in new[] { ("actor", rules.Actor), ("entity", rules.Entity), ("tenant", rules.Tenant) })
        {
            if (path is not null && rules.Redact.Any(redacted => redacted.Covers(path)))
            {
                section.Reject(name, $"reads {path}, which is redacted.", "Redact less, or read it from another attribute.");
            }
        }

        if (rules.Stamp.Length == 0 || rules.Stamp[0] == '/')
        {
            section.Reject("stamp", $"is '{rules.Stamp}', which is no attribute's name.", "Write the name that StampOptions.AttributeName has, without a slash; _audit unless told.");
        }
        else if (rules.Redact.Any(redacted => redacted.Segments[0] == rules.Stamp))
        {
            section.Reject("redact", $"takes something out of {rules.Stamp}, which stamps are read from and entries tell.", "Redact less, or name the attribute that stamps are in as \"stamp\".");
        }
    }

    private static CaptureOptions Capture(JsonSection? section, CaptureOptions defaults)
    {
        if (section is null)
        {
            return defaults;
        }

        var options = new CaptureOptions
        {
            Pacing = new PacingOptions(section.Duration("maxLatency") ?? defaults.Pacing.MaxLatency, section.Duration("idlePoll") ?? defaults.Pacing.IdlePoll),
            Drain = section.Flag("drain") ?? defaults.Drain,
            DrainAfter = section.Duration("drainAfter") ?? defaults.DrainAfter,
        };
        section.RejectUnknown();
        return options;
    }

    private static IReadOnlyList<AttributePath> Pointers(JsonSection section, string name) =>
        [.. section.Texts(name).Select(text => Pointer(section, name, text)).OfType<AttributePath>()];

    private static AttributePath? Pointer(JsonSection section, string name, string? text)
    {
        if (text is null)
        {
            return null;
        }

        try
        {
            return AttributePath.Parse(text);
        }
        catch (FormatException e)
        {
            section.Reject(name, $"holds '{text}': {e.Message}", "Write a path such as /updatedBy or /card/number.");
            return null;
        }
    }
}
