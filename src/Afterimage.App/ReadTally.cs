using System.Globalization;
using Afterimage.App.Output;
using Afterimage.Trail;

namespace Afterimage.App;

/// <summary>What a question read from the trail's table.</summary>
internal sealed class ReadTally : IProgress<TableRead>
{
    private readonly Lock gate = new();
    private readonly Dictionary<(string Operation, string Path), (int Requests, int Items)> tally = [];

    public void Report(TableRead value)
    {
        lock (gate)
        {
            var (requests, items) = tally.GetValueOrDefault((value.Operation, value.Path));
            tally[(value.Operation, value.Path)] = (requests + 1, items + value.Items);
        }
    }

    /// <summary>Says it, a line for each kind of request.</summary>
    public void Print(Printer printer)
    {
        if (tally.Count == 0)
        {
            printer.Message("Nothing was requested: the trail is a file.");
        }

        foreach (var ((operation, path), (requests, items)) in tally.OrderBy(one => one.Key.Path, StringComparer.Ordinal).ThenBy(one => one.Key.Operation, StringComparer.Ordinal))
        {
            printer.Message(string.Create(CultureInfo.InvariantCulture, $"{operation} of {path}: {requests} {(requests == 1 ? "request" : "requests")}, {items} {(items == 1 ? "item" : "items")}"));
        }
    }
}
