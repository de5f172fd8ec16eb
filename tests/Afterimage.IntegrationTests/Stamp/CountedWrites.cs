using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Afterimage.IntegrationTests.Stamp;

/// <summary>What the meter tells of writes that this test makes; others may run beside it.</summary>
internal sealed class CountedWrites : IDisposable
{
    private readonly AsyncLocal<bool> isMine = new();
    private readonly ConcurrentQueue<string> told = new();
    private readonly MeterListener listener = new();

    public CountedWrites()
    {
        isMine.Value = true;
        listener.InstrumentPublished = (instrument, meters) =>
        {
            if (instrument.Meter.Name == "Afterimage.Stamp")
            {
                meters.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, count, tags, _) =>
        {
            if (isMine.Value)
            {
                told.Enqueue(string.Join(' ', [instrument.Name, .. tags.ToArray().Select(tag => (string)tag.Value!), $"{count}"]));
            }
        });
        listener.Start();
    }

    public IReadOnlyList<string> Told => [.. told];

    public void Dispose() => listener.Dispose();
}
