using Afterimage.Capture;
using Afterimage.Streams.Reading;

namespace Afterimage.App.Output;

/// <summary>Shows a worker at work: a line for each entry once it is durable, and what stands in its way.</summary>
/// <param name="printer">Prints.</param>
/// <param name="showsEntries">Whether it shows entries: where a sink does, they would be there twice.</param>
internal sealed class LiveView(Printer printer, bool showsEntries = true) : IProgress<KeptBatch>, IProgress<WorkerNotice>
{
    private readonly Lock gate = new();

    /// <summary>How many entries were kept.</summary>
    public long Kept { get; private set; }

    /// <summary>How many of them could not be read.</summary>
    public long Unreadable { get; private set; }

    public void Report(KeptBatch value)
    {
        lock (gate)
        {
            Kept += value.Count;
            Unreadable += value.Unreadable;
            if (showsEntries)
            {
                printer.Lines(value);
            }

            if (value.Unannounced.Count > 0)
            {
                printer.Warn($"{value.Stream.Table}: the stamps of {string.Join(", ", value.Unannounced.Select(one => one.Entry))} say that an intent was committed with the change, and there was none. Their actors count as stamps do; see afterimage status.");
            }

            if (value.Differing.Count > 0)
            {
                printer.Warn($"The stream {value.Stream} says otherwise than what came by another way before: {string.Join(", ", value.Differing)}. The trail keeps what came first; compare it with the item.");
            }
        }
    }

    public void Report(WorkerNotice value)
    {
        lock (gate)
        {
            switch (value)
            {
                case WorkerNotice.Failing failing:
                    printer.Warn($"{failing.What} fails and is tried again: {failing.Cause.Message}");
                    break;
                case WorkerNotice.Noted noted:
                    printer.Warn(noted.What);
                    break;
                case WorkerNotice.Alarmed alarmed:
                    printer.Warn($"{alarmed.Reason.What} {alarmed.Reason.Hint}");
                    break;
                case WorkerNotice.Eased eased:
                    printer.Message($"Over: {eased.Reason.What}");
                    break;
                case WorkerNotice.Recovered recovered:
                    printer.Message($"{recovered.What} works again.");
                    break;
            }
        }
    }
}
