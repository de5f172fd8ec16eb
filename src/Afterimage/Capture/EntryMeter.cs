using System.Diagnostics.Metrics;

namespace Afterimage.Capture;

/// <summary>Counts entries once they are durable, and passes them on.</summary>
public sealed class EntryMeter : IProgress<KeptBatch>
{
    /// <summary>The name under which these instruments are expected.</summary>
    public const string Name = "Afterimage";

    private readonly IProgress<KeptBatch> next;
    private readonly Counter<long> entries;
    private readonly Counter<long> unreadable;

    /// <summary>Makes the instruments.</summary>
    /// <param name="meter">Gets them; name it <see cref="Name"/>.</param>
    /// <param name="next">Is told of every batch.</param>
    public EntryMeter(Meter meter, IProgress<KeptBatch> next)
    {
        ArgumentNullException.ThrowIfNull(meter);
        this.next = next;
        entries = meter.CreateCounter<long>("afterimage.entries", "{entry}", "Entries that were kept.");
        unreadable = meter.CreateCounter<long>("afterimage.entries.unreadable", "{entry}", "Those of them whose records could not be read.");
    }

    /// <inheritdoc/>
    public void Report(KeptBatch value)
    {
        ArgumentNullException.ThrowIfNull(value);
        KeyValuePair<string, object?>[] table =
            [new("aws.dynamodb.table_name", value.Stream.Table), new("cloud.region", value.Stream.Region), new("cloud.account.id", value.Stream.Account)];
        entries.Add(value.Count, table);
        unreadable.Add(value.Unreadable, table);
        next.Report(value);
    }
}
