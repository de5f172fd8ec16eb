using System.Text;
using Afterimage.Capture;
using Afterimage.Entries;
using Afterimage.Trail;
using Spectre.Console;

namespace Afterimage.App.Output;

/// <summary>Prints answers, for people or as JSON Lines, and messages beside them.</summary>
internal sealed class Printer
{
    private readonly bool json;
    private readonly TextWriter output;
    private readonly IAnsiConsole people;
    private readonly IAnsiConsole messages;
    private readonly EntryView view;
    private readonly Surroundings surroundings;

    public Printer(Surroundings surroundings, bool json, bool color)
    {
        (this.json, this.surroundings) = (json, surroundings);
        output = surroundings.Out;
        people = Console(surroundings.Out, surroundings, color);
        messages = Console(surroundings.Error, surroundings, color);
        view = new EntryView(surroundings.Time.LocalTimeZone);
    }

    /// <summary>Whether answers are JSON Lines.</summary>
    public bool IsJson => json;

    /// <summary>One entry on one line.</summary>
    public void Line(AuditEntry entry)
    {
        if (json)
        {
            Json(EntryJson.ToUtf8(entry));
            return;
        }

        // Cut by the terminal's width alone: text that is piped on stays whole.
        people.Write(new OneLine(view.Line(entry)));
        people.WriteLine();
    }

    /// <summary>Entries that were kept together, each on one line.</summary>
    public void Lines(KeptBatch batch)
    {
        if (json)
        {
            foreach (var text in batch.Texts())
            {
                Json(text);
            }

            return;
        }

        foreach (var entry in batch.Entries())
        {
            Line(entry);
        }
    }

    /// <summary>Entries, each on one line.</summary>
    public void Lines(IReadOnlyList<AuditEntry> entries)
    {
        foreach (var entry in entries)
        {
            Line(entry);
        }
    }

    /// <summary>One entry with all its differences.</summary>
    public void Block(AuditEntry entry)
    {
        if (json)
        {
            Json(EntryJson.ToUtf8(entry));
            return;
        }

        foreach (var line in view.Block(entry))
        {
            Markup(line);
        }
    }

    /// <summary>A gap, and what was said about it; as JSON it is an object of the entry and of that.</summary>
    public void Gap(TrailGap gap)
    {
        if (json)
        {
            Json(GapJson.Write(gap));
            return;
        }

        Block(gap.Entry);
        Markup(gap.Acknowledged is { } at
            ? $"    [green]acknowledged[/] {view.Moment(at)}: {Spectre.Console.Markup.Escape(Text.Safe(gap.Reason!))}"
            : $"    [yellow]not acknowledged[/] [grey]afterimage gaps acknowledge {gap.Entry.Id} --reason …[/]");
    }

    /// <summary>One object on one line, where answers are JSON Lines.</summary>
    public void Json(ReadOnlyMemory<byte> utf8) => output.WriteLine(Encoding.UTF8.GetString(utf8.Span));

    /// <summary>A line for people.</summary>
    public void Markup(string markup)
    {
        if (!json)
        {
            Write(people, markup);
        }
    }

    /// <summary>A moment as people read it.</summary>
    public string Moment(DateTimeOffset moment) => view.Moment(moment);

    /// <summary>A table for people.</summary>
    public void Table(Table table) => people.Write(table);

    /// <summary>A message beside the answer.</summary>
    public void Message(string text) => Write(messages, $"[grey]{Spectre.Console.Markup.Escape(text)}[/]");

    /// <summary>A message that asks for attention.</summary>
    public void Warn(string text) => Write(messages, $"[yellow]Warning:[/] {Spectre.Console.Markup.Escape(text)}");

    /// <summary>Works on something that may take long, with a bar beside the answer where somebody watches.</summary>
    public async Task<T> WithProgressAsync<T>(string what, long total, Func<IProgress<long>, Task<T>> work)
    {
        if (json || !surroundings.IsTerminal)
        {
            return await work(new Unwatched());
        }

        var watched = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(surroundings.Error), Interactive = InteractionSupport.Yes });
        return await watched.Progress().AutoClear(true).StartAsync(async context =>
        {
            var bar = context.AddTask(what, maxValue: Math.Max(1, total));
            return await work(new Bar(bar));
        });
    }

    /// <summary>One entry with all there is of it.</summary>
    public void Whole(AuditEntry entry)
    {
        Block(entry);
        foreach (var line in EntryView.Origin(entry))
        {
            Markup(line);
        }
    }

    /// <summary>Everything that went wrong, each with what to do about it.</summary>
    public void Errors(IEnumerable<Problem> problems)
    {
        foreach (var problem in problems)
        {
            Error(problem);
        }
    }

    /// <summary>What went wrong, and what to do about it.</summary>
    public void Error(Problem problem)
    {
        Write(messages, $"[red]Error:[/] {Spectre.Console.Markup.Escape(problem.What)}");
        Write(messages, $"[green]Try:[/] {Spectre.Console.Markup.Escape(problem.Hint)}");
    }

    private static void Write(IAnsiConsole console, string markup)
    {
        console.Write(new Spectre.Console.Markup(markup));
        console.WriteLine();
    }

    private static IAnsiConsole Console(TextWriter writer, Surroundings surroundings, bool color)
    {
        var isColored = color && surroundings.IsTerminal;
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = isColored ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = isColored ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(writer),
        });
        console.Profile.Width = surroundings.IsTerminal ? surroundings.Width : 100_000;
        return console;
    }

    private sealed class Bar(ProgressTask task) : IProgress<long>
    {
        public void Report(long value) => task.Increment(value);
    }

    private sealed class Unwatched : IProgress<long>
    {
        public void Report(long value)
        {
        }
    }
}
