using Afterimage.Streams.Aws;
using Afterimage.Trail.DynamoDb.Table;

namespace Afterimage.Tests.Support;

/// <summary>What becomes of a request.</summary>
internal enum Fate
{
    /// <summary>It is done and answered.</summary>
    Done,

    /// <summary>It is not done, and an error is all that comes back.</summary>
    NotDone,

    /// <summary>It is done, and an error is all that comes back.</summary>
    Unanswered,

    /// <summary>It is done, its answer is lost, the client repeats it, and the answer is that to the repeat.</summary>
    Repeated,
}

/// <summary>A request as it is on its way.</summary>
/// <param name="Number">Counts requests from 1.</param>
/// <param name="Operation">What DynamoDB calls it.</param>
/// <param name="Keys">The items it is about; none of a query.</param>
/// <param name="Again">Does it (once more) at any later time, as a copy that was delayed on its way.</param>
internal sealed record TableRequest(int Number, string Operation, IReadOnlyList<ItemKey> Keys, Action Again);

/// <summary>
/// A table in memory that answers as DynamoDB does, in pages that are short or empty wherever they may be. What DynamoDB refuses it refuses in the same words of ours.
/// </summary>
/// <param name="random">Cuts pages and mixes what has no order.</param>
/// <param name="indexes">The table's indexes.</param>
internal sealed class FakeTable(Random random, params IReadOnlyList<FakeIndex> indexes) : IItemTable
{
    private const int GetMax = 100;
    private const int PutMax = 25;
    private const int TogetherMax = 100;

    private readonly Lock gate = new();
    private readonly FakeItems items = new(random, indexes);
    private int requests;

    /// <summary>Is asked of every request what becomes of it. It may take its time, and make other requests meanwhile.</summary>
    public Func<TableRequest, CancellationToken, Task<Fate>> Weather { get; set; } = (_, _) => Task.FromResult(Fate.Done);

    /// <summary>How many requests were made.</summary>
    public int Requests => requests;

    /// <summary>Whether the indexes stay behind until they are told to catch up.</summary>
    public bool IndexesLag { get; set; }

    /// <summary>All of the table, to look at and to tamper with.</summary>
    public FakeItems Items => items;

    /// <summary>Nothing goes wrong from now on.</summary>
    public void Calm() => Weather = (_, _) => Task.FromResult(Fate.Done);

    /// <summary>Lets the indexes catch up, with all items or with some.</summary>
    public void CatchUp(Func<ItemKey, bool>? which = null)
    {
        lock (gate)
        {
            items.CatchUp(which ?? (_ => true));
        }
    }

    public Task<Item?> GetAsync(ItemKey key, CancellationToken ct) => CallAsync("GetItem", [key], () => items.Get(key, null), ct);

    public async Task<IReadOnlyList<Item>> GetManyAsync(IReadOnlyList<ItemKey> keys, IReadOnlyList<string>? attributes, CancellationToken ct)
    {
        FakeRules.Distinct(keys);
        var found = new List<Item>();
        foreach (var some in keys.Chunk(GetMax))
        {
            found.AddRange(await CallAsync("BatchGetItem", some, () => some.Select(key => items.Get(key, attributes)).OfType<Item>().ToList(), ct));
        }

        return [.. Mixed(found)];
    }

    public Task<ItemPage> QueryAsync(ItemQuery query, CancellationToken ct) => CallAsync("Query", [], () => items.Query(query), ct);

    public Task<ItemPage> ScanAsync(ItemScan scan, CancellationToken ct) => CallAsync("Scan", [], () => items.Scan(scan), ct);

    public Task<bool> WriteAsync(ItemWrite write, CancellationToken ct) => write is ItemWrite.Check
        ? throw new ArgumentException("A check alone writes nothing.", nameof(write))
        : CallAsync($"{write.GetType().Name}Item", [write.Key], () => Write([write]), ct);

    public Task<bool> WriteTogetherAsync(IReadOnlyList<ItemWrite> writes, CancellationToken ct)
    {
        FakeRules.Distinct([.. writes.Select(write => write.Key)]);
        return writes.Count is > 0 and <= TogetherMax
            ? CallAsync("TransactWriteItems", [.. writes.Select(write => write.Key)], () => Write(writes), ct)
            : throw FakeRules.Refused($"A transaction has 1 to {TogetherMax} writes, not {writes.Count}.");
    }

    // Nobody knows in which order, nor how far they got when one of them failed.
    public async Task PutManyAsync(IReadOnlyList<NewItem> items, CancellationToken ct)
    {
        FakeRules.Distinct([.. items.Select(item => item.Key)]);
        foreach (var some in Mixed(items).Chunk(PutMax))
        {
            await CallAsync("BatchWriteItem", [.. some.Select(item => item.Key)], () => some.All(item => Write([new ItemWrite.Put(item)])), ct);
        }
    }

    private bool Write(IReadOnlyList<ItemWrite> writes) => items.Write(writes, IndexesLag);

    private List<T> Mixed<T>(IEnumerable<T> all)
    {
        var list = all.ToArray();
        lock (gate)
        {
            random.Shuffle(list);
        }

        return [.. list];
    }

    private async Task<T> CallAsync<T>(string operation, IReadOnlyList<ItemKey> keys, Func<T> act, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var request = new TableRequest(Interlocked.Increment(ref requests), operation, keys, () => Locked(act));
        var fate = await Weather(request, ct);
        if (fate == Fate.NotDone)
        {
            throw Lost(request);
        }

        var answer = Locked(act);
        return fate switch
        {
            Fate.Unanswered => throw Lost(request),
            Fate.Repeated => Locked(act),
            _ => answer,
        };
    }

    private T Locked<T>(Func<T> act)
    {
        lock (gate)
        {
            return act();
        }
    }

    private static EndpointUnreachableException Lost(TableRequest request) => new(new Uri("http://table.test"), $"request {request.Number}, {request.Operation}, is not answered");
}
