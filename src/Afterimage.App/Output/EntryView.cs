using System.Globalization;
using Afterimage.Entries;
using Spectre.Console;

namespace Afterimage.App.Output;

/// <summary>Entries as people read them, in Spectre's markup.</summary>
internal sealed class EntryView(TimeZoneInfo zone)
{
    private const int ChangesInLineMax = 3;

    /// <summary>One line: when, what, which item, the first differences, who.</summary>
    public string Line(AuditEntry entry)
    {
        var what = entry.Unreadable is { } unreadable ? $"[red]{Escaped(unreadable.Reason)}[/]" : NoticeSentence.Of(entry) is { } notice ? Escaped(notice) : InLine(entry);
        return $"[grey]{Time(entry, "HH:mm:ss")}[/]  {Action(entry)}  [bold]{Escaped(entry.Table)}[/] {Key(entry)}  {what}{By(entry.Actor, "  ")}";
    }

    /// <summary>Several lines: the same, with each difference on its own.</summary>
    public IEnumerable<string> Block(AuditEntry entry)
    {
        yield return $"[grey]{Time(entry, "yyyy-MM-dd HH:mm:ss zzz")}[/]  {Action(entry)}  [bold]{Escaped(entry.Table)}[/] {Key(entry)}  [grey]{entry.Id}[/]";
        if (By(entry.Actor, string.Empty) is { Length: > 0 } by)
        {
            yield return $"    {by}{(entry.Service is { } service ? $" [grey]·[/] {Escaped(service)}" : string.Empty)}";
        }

        if (entry.Unreadable is { } unreadable)
        {
            yield return $"    [red]could not be read:[/] {Escaped(unreadable.Reason)} [grey](its {unreadable.Raw.Length} bytes are kept)[/]";
        }
        else if (NoticeSentence.Of(entry) is { } notice)
        {
            yield return $"    {Escaped(notice)}{(entry.Gap?.Previous is { } previous ? $" [grey]({Escaped(previous)})[/]" : string.Empty)}";
        }
        else if (entry.Kind == EntryKind.Mark)
        {
            yield return "    a delete was attempted: the item was marked, and a delete that follows within a minute counts as this writer's";
        }
        else if (entry.Changes is null)
        {
            yield return $"    [yellow]what differs cannot be known: the stream carries {Escaped(entry.Stream.View ?? "no images")}[/]";
        }
        else if (entry.Changes.Count == 0)
        {
            yield return "    [grey]nothing differs but attributes that say who or when[/]";
        }

        foreach (var change in entry.Changes ?? [])
        {
            yield return $"    {Difference(change)}";
        }

        // Where nothing can be compared, the one image there is says the most.
        foreach (var (name, value) in entry.Changes is null ? entry.NewImage ?? entry.OldImage ?? AttributeMap.Empty : AttributeMap.Empty)
        {
            yield return $"    [grey]=[/] {Escaped(AttributePath.Root.Append(name).ToString())} {Value(value, 60)}";
        }
    }

    /// <summary>Where an entry came from.</summary>
    public static IEnumerable<string> Origin(AuditEntry entry)
    {
        yield return $"    [grey]stream   [/] {Escaped(entry.Stream.Arn)}";
        yield return $"    [grey]shard    [/] {Escaped(entry.ShardId)} [grey]entry[/] {entry.Index}";
        if (!IsOfRecord(entry))
        {
            yield break;
        }

        yield return $"    [grey]sequence [/] {Escaped(entry.SequenceNumber ?? "(unreadable)")}";
        yield return $"    [grey]event    [/] {Escaped(entry.Stream.EventId ?? "(unreadable)")} [grey]carrying[/] {Escaped(entry.Stream.View ?? "(unknown)")}";
    }

    private static string Key(AuditEntry entry) => IsOfRecord(entry) ? Markup.Escape(Text.OfKey(entry.Keys)) : string.Empty;

    private static bool IsOfRecord(AuditEntry entry) => entry.Kind is EntryKind.Change or EntryKind.Mark;

    private static string InLine(AuditEntry entry)
    {
        if (entry.Kind == EntryKind.Mark)
        {
            return "[grey]a delete was attempted[/]";
        }

        if (entry.Changes is not { } changes)
        {
            return (entry.OldImage, entry.NewImage) switch
            {
                (null, null) => "[grey](no images)[/]",
                (null, _) => "[grey](new image only)[/]",
                _ => "[grey](old image only)[/]",
            };
        }

        // An insert or a removal is all of the item; what matters in a line is that it came or went.
        var shown = entry.Action == ChangeAction.Modify ? changes : [.. changes.Where(change => !IsKey(change, entry))];
        var more = shown.Count > ChangesInLineMax ? $" [grey]+{shown.Count - ChangesInLineMax} more[/]" : string.Empty;
        return string.Join("  ", shown.Take(ChangesInLineMax).Select(change => Difference(change, lengthMax: 24))) + more;
    }

    private static bool IsKey(Change change, AuditEntry entry) => entry.Keys!.Keys.Any(name => change.Path == AttributePath.Root.Append(name).ToString());

    private static string Difference(Change change, int lengthMax = 60)
    {
        var path = Escaped(change.Path);
        return change.Op switch
        {
            ChangeOp.Add => $"[green]+[/] {path} {Value(change.Value, lengthMax)}",
            ChangeOp.Remove => $"[red]-[/] {path} {Value(change.Old, lengthMax)}",
            _ => $"[yellow]~[/] {path} {Value(change.Old, lengthMax)} [grey]→[/] {Value(change.Value, lengthMax)}",
        };
    }

    private static string Value(AttributeValue? value, int lengthMax) => Markup.Escape(Text.Of(value, lengthMax));

    private static string Action(AuditEntry entry) => (entry.Unreadable, entry.Action) switch
    {
        _ when entry.Gap is not null => "[red]GAP   [/]",
        _ when entry.Kind == EntryKind.Mark => "[yellow]MARK  [/]",
        _ when entry.Lifecycle is not null => "[blue]BEGIN [/]",
        (not null, _) => "[red]UNREAD[/]",
        (_, ChangeAction.Insert) => "[green]INSERT[/]",
        (_, ChangeAction.Modify) => "[yellow]MODIFY[/]",
        _ => "[red]REMOVE[/]",
    };

    private static string By(Actor actor, string before) => actor switch
    {
        { Source: ActorSource.Unknown } => string.Empty,
        { Source: ActorSource.Replication } => $"{before}[blue]replicated (global table)[/]",
        { Source: ActorSource.TimeToLive } => $"{before}[blue]expired (time to live)[/]",
        _ => $"{before}[grey]by[/] [blue]{Escaped(actor.Id ?? actor.Service ?? "?")}[/]{(actor.Reason is { } reason ? $" [grey]({Escaped(reason)})[/]" : string.Empty)}",
    };

    /// <summary>A moment in the zone of whoever reads.</summary>
    public string Moment(DateTimeOffset moment) => Local(moment, "yyyy-MM-dd HH:mm:ss zzz");

    private string Time(AuditEntry entry, string format) => Local(entry.Time, format);

    private string Local(DateTimeOffset moment, string format) => TimeZoneInfo.ConvertTime(moment, zone).ToString(format, CultureInfo.InvariantCulture);

    private static string Escaped(string text) => Markup.Escape(Text.Safe(text));
}
