using Afterimage.Relay;

namespace Afterimage.Tests.Relay;

/// <summary>A target that notes every call, and refuses what a test wants refused.</summary>
internal sealed class FakeSink : ISink
{
    private readonly Lock gate = new();
    private readonly List<IReadOnlyList<OutgoingEntry>> calls = [];
    private readonly List<OutgoingEntry> received = [];

    public string Address { get; init; } = "test:sink";

    public SinkLimits Limits { get; init; } = new(10, 1_000_000, 100_000) { TakesSome = true };

    /// <summary>What is said of an entry by itself; null takes it.</summary>
    public Func<OutgoingEntry, Delivery?> Says { get; set; } = _ => null;

    /// <summary>Entries that make a whole call fail.</summary>
    public Func<OutgoingEntry, bool> Spoils { get; set; } = _ => false;

    /// <summary>Whether it takes nothing at all.</summary>
    public bool IsDown { get; set; }

    /// <summary>How long a call lasts before anything of it arrives.</summary>
    public Func<CancellationToken, Task> Lasts { get; set; } = _ => Task.CompletedTask;

    /// <summary>Is told when a call has been answered.</summary>
    public Action Answered { get; set; } = () => { };

    /// <summary>Every call, also those that failed.</summary>
    public IReadOnlyList<IReadOnlyList<OutgoingEntry>> Calls
    {
        get
        {
            lock (gate)
            {
                return [.. calls];
            }
        }
    }

    /// <summary>The entries that arrived, in order.</summary>
    public IReadOnlyList<OutgoingEntry> Arrived
    {
        get
        {
            lock (gate)
            {
                return [.. received];
            }
        }
    }

    /// <summary>What arrived, in order, as <c>ITEM:NUMBER</c>.</summary>
    public IReadOnlyList<string> Received => [.. Arrived.Select(one => $"{one.Entry.Keys!["id"].AsText()}:{one.Entry.SequenceNumber}")];

    public async Task<IReadOnlyList<Delivery>> SendAsync(IReadOnlyList<OutgoingEntry> batch, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        await Lasts(ct);
        lock (gate)
        {
            calls.Add(batch);
            if (IsDown)
            {
                throw new SinkException(isDown: true, "The target is down.", "Wait.");
            }

            if (batch.Any(Spoils))
            {
                throw new SinkException(isDown: false, "Something in the batch is refused.", "Look at it.");
            }

            var answers = batch.Select(one => Says(one) ?? Delivery.Done).ToList();
            received.AddRange(batch.Zip(answers).Where(pair => pair.Second.Outcome == DeliveryOutcome.Done).Select(pair => pair.First));
            Answered();
            return answers;
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
