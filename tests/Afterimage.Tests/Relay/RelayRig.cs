using System.Text;
using Afterimage.Capture;
using Afterimage.Entries;
using Afterimage.Relay;
using Afterimage.Streams.Reading;
using Afterimage.Streams.Shards;
using Afterimage.Tests.Support;
using Afterimage.Trail;

namespace Afterimage.Tests.Relay;

/// <summary>A trail in memory, what is kept in it, and followers that pass it on, all by a clock that runs fast.</summary>
internal sealed class RelayRig : IAsyncDisposable, IProgress<SinkNews>
{
    private readonly Dictionary<string, ShardProgress> shards = [];
    private readonly List<SinkNews> news = [];
    private readonly Recorder recorder;

    public RelayRig()
    {
        Trail = FakeTrail.Open(Table, OpenMode.CreateOrWrite, "writer");
        recorder = new Recorder(Trail, _ => TableRules.None, new Progress<KeptBatch>(), SeededSecrets.From(1));
        Growth = new TrailGrowth(Trail, TimeSpan.FromSeconds(1), Time);
    }

    public FakeTable Table { get; } = FakeTrail.Table(new Random(1));

    public FastTime Time { get; } = new(50);

    public ITrail Trail { get; }

    public TrailGrowth Growth { get; }

    public IReadOnlyList<SinkNews> News
    {
        get
        {
            lock (news)
            {
                return [.. news];
            }
        }
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async Task<RelayRig> ReadyAsync()
    {
        await Trail.KeepTableAsync(new TrailTable("Orders", new KeyAttribute("id", AttributeKind.S), null, FakeStream.Arn, Followed: true), Ct);
        return this;
    }

    /// <summary>Keeps changes, each written as <c>ITEM:NUMBER</c>.</summary>
    public async Task KeepAsync(string shard, string? parent, bool endsShard, params IEnumerable<string> changes)
    {
        var before = shards.GetValueOrDefault(shard) ?? ShardProgress.None(new Shard(new(shard), parent is null ? null : new(parent), null, null));
        var records = changes.Select(change => change.Split(':')).Select(parts => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(Record(parts[0], parts[1]))).ToList();
        shards[shard] = ((KeepResult.Kept)await recorder.KeepAsync(new StreamBatch(FakeStream.Arn, new(shard), records, endsShard), before, Ct)).After;
    }

    /// <summary>Begins a sink, if it has not begun.</summary>
    public Task BeginAsync(SinkOptions options) => SinkBeginning.EnsureAsync(Trail, options, Time.GetUtcNow(), Ct);

    public Follower Follower(ISink sink, SinkOptions options, string holder = "anna", int seed = 1) => new(
        Trail, sink, options, Growth, holder, new RelaySurroundings(Time, new Random(seed), this) { Pace = new RetryPace(TimeSpan.FromSeconds(0.1), TimeSpan.FromSeconds(1)) });

    /// <summary>Serves a sink until everything is served, or it turns out to be down.</summary>
    public async Task<bool> ServeAsync(ISink sink, SinkOptions options, int seed = 1)
    {
        await BeginAsync(options);
        await Growth.LookAsync(Ct);
        var follower = Follower(sink, options, seed: seed);
        follower.Finish();
        return await follower.RunAsync(CancellationToken.None, Ct);
    }

    /// <summary>Serves a sink until something holds.</summary>
    public async Task ServeUntilAsync(ISink sink, SinkOptions options, Func<bool> holds)
    {
        await BeginAsync(options);
        await Growth.LookAsync(Ct);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var serving = Follower(sink, options).RunAsync(stop.Token, Ct);
        await UntilAsync(holds);
        await stop.CancelAsync();
        await serving;
    }

    /// <summary>Waits until something holds.</summary>
    public static async Task UntilAsync(Func<bool> holds)
    {
        while (!holds())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, Ct);
        }
    }

    public void Report(SinkNews value)
    {
        lock (news)
        {
            news.Add(value);
        }
    }

    public async ValueTask DisposeAsync()
    {
        recorder.Dispose();
        await Trail.DisposeAsync();
    }

    private static string Record(string item, string number) =>
        $$"""
        {"eventID":"e{{number}}","eventName":"INSERT","eventVersion":"1.1","eventSource":"aws:dynamodb","awsRegion":"us-east-1","dynamodb":{"ApproximateCreationDateTime":1795302519,"Keys":{"id":{"S":"{{item}}"} },"NewImage":{"id":{"S":"{{item}}"},"n":{"N":"{{number}}"} },"SequenceNumber":"{{number}}","SizeBytes":10,"StreamViewType":"NEW_AND_OLD_IMAGES"} }
        """;
}
