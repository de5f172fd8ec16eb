using System.Globalization;
using System.Text.Json;
using Afterimage.Query;
using Spectre.Console;

namespace Afterimage.App.Output;

/// <summary>How many of a table's changes name nobody, for people and as JSON.</summary>
internal static class ActorShareView
{
    private const int ServicesMax = 5;

    /// <summary>One line of Spectre's markup.</summary>
    public static string Line(ActorShare share, string since)
    {
        var changes = string.Create(CultureInfo.InvariantCulture, $"{(share.IsWhole ? string.Empty : "the newest ")}{share.Changes:N0} changes since {since}");
        return share switch
        {
            { Changes: 0 } => $"  [grey]no changes since {Markup.Escape(since)}[/]",
            { HasWriters: false } => $"  {Markup.Escape(changes)}: [yellow]no writer says who made them[/]",
            { WithoutActor: 0 } => $"  {Markup.Escape(changes)}: [green]none without an actor[/]",
            _ => $"  {Markup.Escape(changes)}: [yellow]{Percent(share)} without an actor[/] ({Services(share)})",
        };
    }

    /// <summary>An object.</summary>
    public static void Write(Utf8JsonWriter json, ActorShare share)
    {
        json.WriteStartObject();
        json.WriteString("since", StatusJson.Utc(share.Since));
        json.WriteBoolean("complete", share.IsWhole);
        json.WriteNumber("changes", share.Changes);
        json.WriteNumber("withoutActor", share.WithoutActor);
        json.WriteStartArray("services");
        foreach (var (service, changes) in share.Unnamed)
        {
            json.WriteStartObject();
            json.WriteString("service", service);
            json.WriteNumber("changes", changes);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    // What is there is never shown as nothing, and what is missing never as everything.
    private static string Percent(ActorShare share)
    {
        var percent = 100m * share.WithoutActor / share.Changes;
        var shown = percent < 1 ? "less than 1" : Math.Floor(percent).ToString(CultureInfo.InvariantCulture);
        return $"{shown} %";
    }

    private static string Services(ActorShare share)
    {
        var shown = share.Unnamed.Take(ServicesMax).Select(one => string.Create(CultureInfo.InvariantCulture, $"{Text.Safe(one.Service ?? "no service")} {one.Changes:N0}"));
        return Markup.Escape(string.Join(", ", shown)) + (share.Unnamed.Count > ServicesMax ? $", {share.Unnamed.Count - ServicesMax} more" : string.Empty);
    }
}
