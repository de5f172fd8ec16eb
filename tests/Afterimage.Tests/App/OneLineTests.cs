using Afterimage.App.Output;
using Spectre.Console;

namespace Afterimage.Tests.App;

public sealed class OneLineTests
{
    [Theory]
    [InlineData("[green]INSERT[/] Orders id=1", 40, "INSERT Orders id=1")]
    [InlineData("[green]INSERT[/] Orders id=1", 12, "INSERT Orde…")]
    public void A_line_is_cut_to_the_width_of_the_terminal(string markup, int width, string expected)
    {
        using var output = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(output) });
        console.Profile.Width = width;

        console.Write(new OneLine(markup));

        output.ToString().ShouldBe(expected);
    }
}
