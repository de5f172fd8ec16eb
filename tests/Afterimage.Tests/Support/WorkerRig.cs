using Afterimage.Streams.Reading;
using Afterimage.Streams.Shards;

namespace Afterimage.Tests.Support;

/// <summary>A worker over a stream and a journal in memory, under a clock that leaps.</summary>
internal sealed class WorkerRig : IProgress<WorkerNotice>
{
    private readonly LeapingTime time = new();

    public ListJournal Journal { get; } = new();

    /// <summary>What the worker had to say.</summary>
    public List<WorkerNotice> Notices { get; } = [];

    public Task DrainAsync(FakeStream stream) =>
        Worker(TimeSpan.FromSeconds(2)).RunAsync(Only(stream), TestContext.Current.CancellationToken, CancellationToken.None);

    public Task FollowAsync(FakeStream stream, CancellationToken stop) => Worker(drainAfter: null).RunAsync(Only(stream), stop, CancellationToken.None);

    public void Report(WorkerNotice value) => Notices.Add(value);

    private FixedStreams Only(FakeStream stream) => new(new FollowedStream(FakeStream.Arn, null, StartFrom.TrimHorizon, new StreamsAccess(stream, time)));

    private StreamsWorker Worker(TimeSpan? drainAfter) =>
        new(Journal, new WorkerOptions { DrainAfter = drainAfter }, this, time, new Random(1));
}
