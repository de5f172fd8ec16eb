namespace Afterimage.Relay.Sinks;

/// <summary><c>console:</c>: a line for each entry, as <c>tail</c> shows it, or JSON Lines.</summary>
internal sealed class ConsoleSink(string address, SinkSite site) : ISink
{
    /// <summary>A terminal takes any line; a batch is what scrolls by at once.</summary>
    public static SinkLimits Takes { get; } = new(1_000, 64 * 1024 * 1024, 64 * 1024 * 1024) { EntryOverhead = 1 };

    /// <inheritdoc/>
    public string Address => address;

    /// <inheritdoc/>
    public SinkLimits Limits => Takes;

    /// <inheritdoc/>
    public Task<IReadOnlyList<Delivery>> SendAsync(IReadOnlyList<OutgoingEntry> batch, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        try
        {
            site.Show([.. batch.Select(outgoing => outgoing.Entry)]);
        }
        catch (IOException e)
        {
            throw new SinkException(isDown: true, $"{address}: {e.Message}", "Nobody reads the program's output any more. Start it with its output going to a file, or without this sink.", e);
        }

        return Task.FromResult<IReadOnlyList<Delivery>>([.. batch.Select(_ => Delivery.Done)]);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
