using System.Diagnostics.Metrics;

namespace Afterimage.Tests.Support;

/// <summary>What a meter has measured: counters added up, gauges as they were when last collected.</summary>
internal sealed class Measurements : IDisposable
{
    private readonly MeterListener listener = new();
    private readonly Lock gate = new();
    private readonly SortedDictionary<string, double> values = new(StringComparer.Ordinal);

    public Measurements(Meter meter)
    {
        listener.InstrumentPublished = (instrument, me) =>
        {
            if (instrument.Meter == meter)
            {
                me.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Note(instrument, value, tags));
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Note(instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Note(instrument, value, tags));
        listener.Start();
    }

    /// <summary>Collects, and gives every series whose name begins so: <c>name{what sets it apart from others of its table}</c>.</summary>
    public IReadOnlyDictionary<string, double> Collect(string name)
    {
        lock (gate)
        {
            foreach (var gauge in values.Keys.Where(key => key.StartsWith('~')).ToList())
            {
                values.Remove(gauge);
            }
        }

        listener.RecordObservableInstruments();
        lock (gate)
        {
            return values.Select(one => (Key: one.Key.TrimStart('~'), one.Value)).Where(one => one.Key.StartsWith(name, StringComparison.Ordinal)).ToDictionary(one => one.Key, one => one.Value);
        }
    }

    public void Dispose() => listener.Dispose();

    private void Note(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var apart = new List<string>();
        foreach (var (key, tag) in tags)
        {
            if (key is not ("cloud.region" or "cloud.account.id"))
            {
                apart.Add($"{tag}");
            }
        }

        lock (gate)
        {
            var series = $"{(instrument.IsObservable ? "~" : string.Empty)}{instrument.Name}{{{string.Join(",", apart)}}}";
            values[series] = instrument.IsObservable ? value : values.GetValueOrDefault(series) + value;
        }
    }
}
