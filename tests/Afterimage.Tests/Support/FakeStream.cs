using System.Text;
using Afterimage.Streams.Aws;
using Afterimage.Streams.Reading;
using Afterimage.Streams.Records;
using Afterimage.Streams.Shards;

namespace Afterimage.Tests.Support;

/// <summary>A stream in memory with DynamoDB's rules: shards that close and have children, pages that can be empty, iterators that expire.</summary>
internal sealed class FakeStream : IStreamsApi
{
    public static readonly StreamArn Arn = new("arn:aws:dynamodb:us-east-1:123456789012:table/Orders/stream/2026-11-21T20:00:00.000");

    private readonly List<Part> shards = [];
    private readonly Lock gate = new();

    /// <summary>How many records a page holds.</summary>
    public int PageSize { get; init; } = 3;

    /// <summary>How many shards a page of the listing shows.</summary>
    public int ListingPage { get; init; } = 100;

    /// <summary>Whether the service knows the filter for children; where not it lists everything.</summary>
    public bool KnowsShardFilter { get; init; } = true;

    /// <summary>What the listing says of the stream.</summary>
    public string Status { get; set; } = "ENABLED";

    /// <summary>Is asked before each call and may throw in its place.</summary>
    public Action<string> Before { get; set; } = _ => { };

    /// <summary>Is asked before an iterator is given, with the number after which it starts, and may throw in its place.</summary>
    public Action<SequenceNumber?> BeforeIterator { get; set; } = _ => { };

    /// <summary>Every shard that was read, in the order of its first read.</summary>
    public List<string> ReadOrder { get; } = [];

    public int Listings { get; private set; }

    /// <summary>This stream and no other, from its beginning.</summary>
    public FixedStreams AsSource(TimeProvider time) => new(new FollowedStream(Arn, null, StartFrom.TrimHorizon, new StreamsAccess(this, time)));

    public void AddShard(string id, string? parent = null, bool isClosed = false, params string[] sequences)
    {
        lock (gate)
        {
            shards.Add(new Part(new ShardId(id), parent is null ? null : new ShardId(parent)) { IsClosed = isClosed });
            Write(id, sequences);
        }
    }

    /// <summary>Writes records; <c>-</c> stands for a page that is empty.</summary>
    public void Write(string shard, params string[] sequences)
    {
        lock (gate)
        {
            Find(shard).Records.AddRange(sequences);
        }
    }

    public void Close(string shard) => Find(shard).IsClosed = true;

    public void Forget(string shard) => shards.Remove(Find(shard));

    public Task<StreamDescription> DescribeStreamAsync(StreamArn stream, ShardId? after, ShardId? childrenOf, CancellationToken ct)
    {
        Before("DescribeStream");
        lock (gate)
        {
            Listings += childrenOf is null ? 1 : 0;
            var all = shards.Where(part => childrenOf is null || !KnowsShardFilter || part.Parent == childrenOf)
                .SkipWhile(part => after is not null && part.Id != after).Skip(after is null ? 0 : 1).ToList();
            var page = all.Take(ListingPage).Select(part => new Shard(part.Id, part.Parent, null, null)).ToList();
            return Task.FromResult(new StreamDescription(stream, Status, "NEW_AND_OLD_IMAGES", page, all.Count > page.Count ? page[^1].Id : null));
        }
    }

    public Task<string> GetShardIteratorAsync(StreamArn stream, ShardId shard, SequenceNumber? after, CancellationToken ct)
    {
        Before("GetShardIterator");
        BeforeIterator(after);
        lock (gate)
        {
            var at = after is null ? 0 : Find(shard.Value).Records.FindIndex(record => record != "-" && new SequenceNumber(record) == after) + 1;
            return Task.FromResult($"{shard.Value}@{at}");
        }
    }

    public Task<RecordsPage> GetRecordsAsync(string iterator, CancellationToken ct)
    {
        Before("GetRecords");
        lock (gate)
        {
            var (shard, at) = (Find(iterator[..iterator.IndexOf('@', StringComparison.Ordinal)]), int.Parse(iterator[(iterator.IndexOf('@', StringComparison.Ordinal) + 1)..]));
            if (!ReadOrder.Contains(shard.Id.Value))
            {
                ReadOrder.Add(shard.Id.Value);
            }

            var isEmptyPage = at < shard.Records.Count && shard.Records[at] == "-";
            var page = isEmptyPage ? [] : shard.Records.Skip(at).TakeWhile(record => record != "-").Take(PageSize).ToList();
            var next = at + page.Count + (isEmptyPage ? 1 : 0);
            var records = page.Select(sequence => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(Record(sequence))).ToList();
            return Task.FromResult(new RecordsPage(records, shard.IsClosed && next == shard.Records.Count ? null : $"{shard.Id.Value}@{next}"));
        }
    }

    public Task<StreamsPage> ListStreamsAsync(string? table, StreamArn? after, CancellationToken ct) => Task.FromResult(new StreamsPage([Arn], null));

    /// <summary>A record as the service writes it.</summary>
    public static string Record(string sequence) =>
        $$"""
        {"eventID":"e{{sequence}}","eventName":"INSERT","eventVersion":"1.1","eventSource":"aws:dynamodb","awsRegion":"us-east-1","dynamodb":{"ApproximateCreationDateTime":1795302519,"Keys":{"id":{"S":"i{{sequence}}"} },"NewImage":{"id":{"S":"i{{sequence}}"} },"SequenceNumber":"{{sequence}}","SizeBytes":10,"StreamViewType":"NEW_AND_OLD_IMAGES"} }
        """;

    private Part Find(string shard) => shards.Find(part => part.Id.Value == shard) ?? throw new ResourceNotFoundException($"no shard {shard}", 400, null);

    private sealed class Part(ShardId id, ShardId? parent)
    {
        public ShardId Id { get; } = id;

        public ShardId? Parent { get; } = parent;

        public bool IsClosed { get; set; }

        public List<string> Records { get; } = [];
    }
}
