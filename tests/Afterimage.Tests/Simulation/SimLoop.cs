namespace Afterimage.Tests.Simulation;

/// <summary>
/// The one thread of a history: whatever happens, happens here, one after the other, and time passes only when nothing is left to
/// do now. The order is the seed's alone, so a history can be had again.
/// </summary>
internal sealed class SimLoop(Random random)
{
    // Production runs continuations on any thread, so that a later one may well come first.
    private const int OvertakingMax = 4;

    private static readonly DateTimeOffset Start = new(2026, 11, 21, 20, 0, 0, TimeSpan.Zero);

    private readonly PriorityQueue<Action, (DateTimeOffset At, long Order)> later = new();
    private readonly List<(SimProcess Process, SendOrPostCallback Callback, object? State)> ready = [];
    private long order;

    /// <summary>The true time; no process sees it, since each has a clock of its own.</summary>
    public DateTimeOffset Now { get; private set; } = Start;

    /// <summary>How much has happened: what is left when a run never ends is found by this.</summary>
    public long Steps { get; private set; }

    /// <summary>Lets something happen later.</summary>
    public void After(TimeSpan delay, Action action) => later.Enqueue(action, (Now + delay, order++));

    /// <summary>Lets a process go on as soon as its turn comes.</summary>
    public void Post(SimProcess process, SendOrPostCallback callback, object? state) => ready.Add((process, callback, state));

    /// <summary>Runs until the history says that it is over.</summary>
    public void Run(Func<bool> isOver, long stepsMax)
    {
        var outer = SynchronizationContext.Current;
        try
        {
            while (!isOver())
            {
                SimFailure.Unless(Steps++ < stepsMax, $"The history has no end: {stepsMax} steps and it goes on.");
                if (ready.Count > 0)
                {
                    RunReady();
                    continue;
                }

                SimFailure.Unless(later.TryDequeue(out var action, out var when), "Nothing will ever happen again.");
                Now = when.At;
                SynchronizationContext.SetSynchronizationContext(null);
                action!();
            }
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(outer);
        }
    }

    private void RunReady()
    {
        var at = random.Next(Math.Min(OvertakingMax, ready.Count));
        var (process, callback, state) = ready[at];
        ready.RemoveAt(at);
        process.Deliver(() => process.Step(callback, state));
    }
}
