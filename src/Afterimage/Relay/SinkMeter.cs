using System.Diagnostics.Metrics;

namespace Afterimage.Relay;

/// <summary>How far sinks are, as metrics.</summary>
public static class SinkMeter
{
    /// <summary>Makes the instruments.</summary>
    /// <param name="meter">Gets them.</param>
    /// <param name="states">The sinks that this process serves.</param>
    public static void Watch(Meter meter, Func<IEnumerable<SinkState>> states)
    {
        ArgumentNullException.ThrowIfNull(meter);
        meter.CreateObservableGauge("afterimage.sink.behind", () => states().Select(sink => Of(sink, sink.Behind)), "{entry}", "Entries that the trail holds and the sink has not had.");
        meter.CreateObservableGauge("afterimage.sink.dead_letters", () => states().Select(sink => Of(sink, sink.Dead)), "{entry}", "Entries that the sink refused and nobody has decided on.");
        meter.CreateObservableGauge("afterimage.sink.waiting", () => states().Select(sink => Of(sink, sink.Waiting)), "{entry}", "Entries that wait behind those.");
    }

    private static Measurement<long> Of(SinkState sink, long value) => new(value, new KeyValuePair<string, object?>("afterimage.sink", sink.Address));
}
