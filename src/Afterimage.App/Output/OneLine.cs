using Spectre.Console;
using Spectre.Console.Rendering;

namespace Afterimage.App.Output;

/// <summary>Text on one line: what does not fit is cut, and a sign says so.</summary>
internal sealed class OneLine(string markup) : IRenderable
{
    // As wide as any line may get before it is cut.
    private const int Unbounded = 100_000;

    private readonly IRenderable whole = new Markup(markup);

    public Measurement Measure(RenderOptions options, int maxWidth) => whole.Measure(options, maxWidth);

    public IEnumerable<Segment> Render(RenderOptions options, int maxWidth)
    {
        var segments = whole.Render(options, Unbounded).ToList();
        return segments.Sum(segment => segment.CellCount()) <= maxWidth ? segments : [.. Cut(segments, maxWidth - 1), new Segment("…")];
    }

    private static IEnumerable<Segment> Cut(IEnumerable<Segment> segments, int width)
    {
        foreach (var segment in segments)
        {
            if (segment.CellCount() > width)
            {
                yield return segment.Split(width).First;
                yield break;
            }

            yield return segment;
            width -= segment.CellCount();
        }
    }
}
