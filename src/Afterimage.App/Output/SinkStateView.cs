using System.Globalization;
using System.Text.Json;
using Afterimage.Relay;
using Spectre.Console;

namespace Afterimage.App.Output;

/// <summary>How far a sink was served, for people and as JSON.</summary>
internal static class SinkStateView
{
    /// <summary>One line of Spectre's markup.</summary>
    public static string Line(SinkState sink)
    {
        var behind = sink.Behind == 0 ? "[green]up to date[/]" : string.Create(CultureInfo.InvariantCulture, $"[yellow]{sink.Behind:N0} behind[/]");
        var dead = sink.Dead == 0 ? string.Empty : string.Create(CultureInfo.InvariantCulture, $", [red]{sink.Dead:N0} dead letters[/]");
        var waiting = sink.Waiting == 0 ? string.Empty : string.Create(CultureInfo.InvariantCulture, $", {sink.Waiting:N0} waiting");
        return $"[bold]{Markup.Escape(Text.Safe(sink.Address))}[/]  {behind}{dead}{waiting}{(sink.IsServed ? string.Empty : " [grey](no worker serves it)[/]")}";
    }

    /// <summary>An object.</summary>
    public static void Write(Utf8JsonWriter json, SinkState sink)
    {
        json.WriteStartObject();
        json.WriteString("sink", sink.Address);
        json.WriteNumber("behind", sink.Behind);
        json.WriteNumber("deadLetters", sink.Dead);
        json.WriteNumber("waiting", sink.Waiting);
        json.WriteBoolean("served", sink.IsServed);
        json.WriteEndObject();
    }
}
