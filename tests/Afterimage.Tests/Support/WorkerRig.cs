using System.Diagnostics.Metrics;
using Afterimage.Streams.Reading;
using Afterimage.Streams.Shards;

namespace Afterimage.Tests.Support;

/// <summary>A worker over a stream and a journal in memory, under a clock that leaps.</summary>
internal sealed class WorkerRig : IProgress<WorkerNotice>
{
    private readonly LeapingTime time = new();

    public ListJournal Journal { get; } = new();

    /// <summary>Where the worker measures; null measures nothing.</summary>
    public Meter? Meter { get; init; }

    /// <summary>Is told of every notice.</summary>
    public Action<WorkerNotice> OnNotice { get; set; } = _ => { };

    /// <summary>What the worker had to say.</summary>
    public List<WorkerNotice> Notices { get; } = [];

    public DateTimeOffset Now => time.GetUtcNow();

    public Task DrainAsync(FakeStream stream) =>
        Worker(TimeSpan.FromSeconds(2)).RunAsync(stream.AsSource(time), TestContext.Current.CancellationToken, CancellationToken.None);

    public Task FollowAsync(FakeStream stream, CancellationToken stop) => Worker(drainAfter: null).RunAsync(stream.AsSource(time), stop, CancellationToken.None);

    public Task FollowAsync(IStreamSource source, CancellationToken stop) => Worker(drainAfter: null).RunAsync(source, stop, CancellationToken.None);

    /// <summary>A stream of the rig's table, made on a day of November.</summary>
    public FollowedStream Stream(int day, FakeStream stream, FollowedStream? previous = null) => new(
        new($"arn:aws:dynamodb:us-east-1:123456789012:table/Orders/stream/2026-11-{day:00}T00:00:00.000"), previous?.Stream, StartFrom.TrimHorizon, new StreamsAccess(stream, time));

    public void Report(WorkerNotice value)
    {
        Notices.Add(value);
        OnNotice(value);
    }

    private StreamsWorker Worker(TimeSpan? drainAfter) =>
        new(Journal, new WorkerOptions { DrainAfter = drainAfter }, this, time, new Random(1), meter: Meter);
}
