using Afterimage.Capture;
using Afterimage.Entries;
using Afterimage.Sealing;
using Afterimage.Streams.Leases;
using Afterimage.Streams.Reading;
using Afterimage.Streams.Records;
using Afterimage.Streams.Watching;
using Afterimage.Tests.Support;
using Afterimage.Trail;
using Afterimage.Trail.DynamoDb;
using Afterimage.Trail.DynamoDb.Table;
using Afterimage.Verifying;

namespace Afterimage.Tests.Trail.DynamoDb;

/// <summary>A trail whose table is changed by transactions, in memory, and the processes that make entries of them.</summary>
internal sealed class TransactionRig : IDisposable, IProgress<KeptBatch>
{
    public static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    private static readonly ShardId Shard = new("shardId-1");

    private readonly MemoryKey key = new();
    private readonly List<DynamoTrail> opened = [];

    private TransactionRig(bool isStreamed, int blobBytes)
    {
        Items = new AuditedItems(Noon) { BlobBytes = blobBytes };
        Row = new TrailTable("Orders", new("id", AttributeKind.S), null, isStreamed ? FakeStream.Arn : null, Followed: true)
        {
            Transactions = new TableTransactions(isStreamed ? null : TransactionStream.Of(AuditedItems.Arn, Noon)),
        };
    }

    public FakeTable Table { get; } = FakeTrail.Table(new Random(1));

    public SetTime Time { get; } = new(Noon);

    public AuditedItems Items { get; }

    public List<UnannouncedChange> Unannounced { get; } = [];

    private TrailTable Row { get; }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static async Task<TransactionRig> NewAsync(bool isStreamed, int blobBytes = 0)
    {
        var rig = new TransactionRig(isStreamed, blobBytes);
        var trail = rig.Open("setup");
        await trail.NameAsync(TrailRig.Name, Ct);
        await trail.KeepTableAsync(rig.Row, Ct);
        return rig;
    }

    /// <summary>Lets requests go wrong from now on; their numbers begin anew.</summary>
    public void Break(Func<TableRequest, CancellationToken, Task<Fate>> weather)
    {
        var before = Table.Requests;
        Table.Weather = (request, ct) => weather(request with { Number = request.Number - before }, ct);
    }

    public DynamoTrail Open(string writer)
    {
        var trail = FakeTrail.Open(Table, OpenMode.CreateOrWrite, writer);
        opened.Add(trail);
        return trail;
    }

    /// <summary>Commits the intents of all changes so far, or of those that are chosen.</summary>
    public async Task CommitAsync(Func<int, bool>? which = null)
    {
        for (var at = 0; at < Items.Changes.Count; at++)
        {
            if (which?.Invoke(at) != false)
            {
                await Table.WriteTogetherAsync([.. Items.Changes[at].Items.Select(item => new ItemWrite.Put(item))], Ct);
            }
        }
    }

    /// <summary>A process looks for intents once.</summary>
    public Task<int> TakeAsync(string writer)
    {
        var trail = Open(writer);
        var recorder = new IntakeRecorder(trail, _ => TableRules.None, SeededSecrets.From(6));
        return new TransactionIntake(trail, [new TableOptions("Orders", TableRules.None, true)], recorder, Time).TakeAsync(Ct);
    }

    /// <summary>A process reads every record of the stream from where the shard stands.</summary>
    public async Task ReadAsync(string writer)
    {
        using var recorder = new Recorder(Open(writer), _ => TableRules.None, this, SeededSecrets.From(5));
        for (var isKept = false; !isKept;)
        {
            var trail = Open(writer);
            var seen = (await trail.ShardAsync(FakeStream.Arn, Shard, Ct))?.Progress.Epoch ?? 0;
            isKept = await trail.Leases.TakeAsync(new WorkerId(writer), [new LeaseWish(FakeStream.Arn, Shard, null, seen)], Ct) is [var taken]
                && await recorder.KeepAsync(new StreamBatch(FakeStream.Arn, Shard, [.. Items.Changes.Select(change => change.Record)], EndsShard: false), taken.Row, Ct) is KeepResult.Kept;
        }
    }

    /// <summary>How each change of an item is told of: kind, action, actor and source.</summary>
    public async Task<List<string>> ToldAsync(string id)
    {
        var filter = new HistoryFilter("Orders", new AttributeMap([new("id", AttributeValue.String(id))]), Reverse: false, Since: null);
        return await Open("reader").HistoryAsync(filter, Ct)
            .Select(entry => $"{EntryWords.Of(entry.Kind)} {EntryWords.Of(entry.Action!.Value)} {entry.Actor.Id ?? "nobody"} {EntryWords.Of(entry.Actor.Source)}").ToListAsync(Ct);
    }

    public Task<List<TransactionIntent>> WaitingAsync() => Open("reader").Intents.WaitingAsync("Orders", Ct).ToListAsync(Ct).AsTask();

    public async Task<IReadOnlyList<HealthReason>> HealthAsync()
    {
        var trail = Open("reader");
        return await IntentHealth.OfAsync(trail, await trail.ShardsAsync(null, Ct), Time.Now, Ct);
    }

    /// <summary>Gives places, seals, and checks everything.</summary>
    public async Task<IReadOnlyList<Finding>> VerifyAsync()
    {
        Table.Calm();
        var trail = Open("verifier");
        await trail.PlaceIntakeAsync(Ct);
        Time.Now += TimeSpan.FromSeconds(10);
        await new Sealer(trail, TrailRig.Name, key, [], Time).SealAsync(DateTimeOffset.MaxValue, Ct);
        return (await new Verifier(trail, key.Verifier(TrailRig.Name), [], new VerifierOptions(), Time, SeededSecrets.From(9)).RunAsync(new Progress<long>(), Ct)).Findings;
    }

    public void Report(KeptBatch value) => Unannounced.AddRange(value.Unannounced);

    public void Dispose() => key.Dispose();
}
