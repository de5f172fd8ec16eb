namespace Afterimage.Streams.Reading;

/// <summary>How often shards are read.</summary>
/// <param name="MaxLatency">The longest pause between two reads of a shard that was recently written to; the default is one second.</param>
/// <param name="IdlePoll">The pause once a shard was silent for ten minutes; the default is five seconds.</param>
public sealed record PacingOptions(TimeSpan MaxLatency, TimeSpan IdlePoll)
{
    /// <summary>One second, five seconds.</summary>
    public static PacingOptions Default { get; } = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5));
}

/// <summary>Decides when a shard is read again: the reads of one shard cost the same whether they find anything or not.</summary>
/// <param name="EmptyReads">How many reads in a row gave nothing.</param>
/// <param name="SilentSince">When the first of them was made, counted from the start of the worker.</param>
/// <param name="Failures">How many reads in a row failed.</param>
internal sealed record Pacing(int EmptyReads, TimeSpan SilentSince, int Failures)
{
    /// <summary>Five reads a second and shard are taken to be the limit, as they are for Kinesis.</summary>
    private static readonly TimeSpan Quick = TimeSpan.FromMilliseconds(200);

    private static readonly TimeSpan IdleAfter = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan BackOffMax = TimeSpan.FromSeconds(30);

    /// <summary>A shard that was not read yet.</summary>
    public static Pacing Start { get; } = new(0, TimeSpan.Zero, 0);

    /// <summary>After records were found.</summary>
    public static (Pacing Next, TimeSpan Pause) AfterRecords(bool fullPage) => (Start, fullPage ? TimeSpan.Zero : Quick);

    /// <summary>After a read that found nothing.</summary>
    public (Pacing Next, TimeSpan Pause) AfterEmpty(TimeSpan now, PacingOptions options)
    {
        var since = EmptyReads == 0 ? now : SilentSince;
        var next = new Pacing(EmptyReads + 1, since, 0);
        if (now - since >= IdleAfter)
        {
            return (next, options.IdlePoll);
        }

        return (next, Shorter(Doubled(Quick, EmptyReads), options.MaxLatency));
    }

    /// <summary>After a read that failed; the pause is drawn between half of the back-off and the whole.</summary>
    public (Pacing Next, TimeSpan Pause) AfterFailure(Random random) =>
        (this with { Failures = Failures + 1 }, Shorter(Doubled(Quick, Failures), BackOffMax) * (0.5 + (random.NextDouble() / 2)));

    /// <summary>Whether so many reads over so long gave nothing that the shard is taken for read to its present end.</summary>
    public bool IsQuiet(TimeSpan now, TimeSpan quietFor) => EmptyReads >= 3 && now - SilentSince >= quietFor;

    private static TimeSpan Doubled(TimeSpan pause, int times) => pause * Math.Pow(2, Math.Min(times, 16));

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
