using Afterimage.Streams.Reading;

namespace Afterimage.Tests.Support;

/// <summary>A worker over a stream and a journal in memory, under a clock that leaps.</summary>
internal sealed class WorkerRig : IProgress<WorkerNotice>
{
    private readonly LeapingTime time = new();

    public ListJournal Journal { get; } = new();

    /// <summary>What the worker had to say.</summary>
    public List<WorkerNotice> Notices { get; } = [];

    public Task DrainAsync(FakeStream stream) =>
        Worker(stream, TimeSpan.FromSeconds(2)).RunAsync([FakeStream.Arn], TestContext.Current.CancellationToken, CancellationToken.None);

    public Task FollowAsync(FakeStream stream, CancellationToken stop) => Worker(stream, drainAfter: null).RunAsync([FakeStream.Arn], stop, CancellationToken.None);

    public void Report(WorkerNotice value) => Notices.Add(value);

    private StreamsWorker Worker(FakeStream stream, TimeSpan? drainAfter) =>
        new(stream, Journal, new WorkerOptions { DrainAfter = drainAfter }, this, time, new Random(1));
}
