using Afterimage.Streams.Aws;
using Afterimage.Streams.Records;

namespace Afterimage.Tests.Support;

/// <summary>Tables of one account and region, and the names of their streams. Nothing of those is read.</summary>
internal sealed class FakeTables(string region = "us-east-1", string account = "123456789012") : ITableLookup, IStreamsApi
{
    private readonly SortedDictionary<string, TableDescription> tables = new(StringComparer.Ordinal);
    private readonly List<StreamArn> streams = [];

    /// <summary>Is asked before each call with the table's name and may throw in its place.</summary>
    public Action<string> Before { get; set; } = _ => { };

    /// <summary>Makes a table, or a new stream of one; null makes it without a stream.</summary>
    public StreamArn? Put(string table, string? day, string view = "NEW_AND_OLD_IMAGES", string key = "id")
    {
        StreamArn? stream = day is null ? null : new StreamArn($"arn:aws:dynamodb:{region}:{account}:table/{table}/stream/{day}T00:00:00.000");
        tables[table] = Describe(table, stream, view, key, $"arn:aws:dynamodb:{region}:{account}:table/{table}");
        streams.AddRange(new[] { stream }.OfType<StreamArn>().Except(streams));
        return stream;
    }

    /// <summary>A table with this stream.</summary>
    public void Put(StreamArn stream) => tables[stream.Table] = Describe(stream.Table, stream);

    public void Delete(string table) => tables.Remove(table);

    public void SwitchOff(string table) => tables[table] = tables[table] with { StreamEnabled = false, ViewType = null };

    public static TableDescription Describe(
        string name, StreamArn? latest, string view = "NEW_AND_OLD_IMAGES", string key = "id", string? arn = null) =>
        new(name, arn ?? $"arn:aws:dynamodb:us-east-1:123456789012:table/{name}", "ACTIVE", [new KeyAttribute(key, "S")], latest is not null, latest is null ? null : view, latest, false);

    public Task<TableDescription?> DescribeAsync(string table, CancellationToken ct)
    {
        Before(table);
        return Task.FromResult(tables.GetValueOrDefault(table));
    }

    public IAsyncEnumerable<string> ListAsync(CancellationToken ct)
    {
        Before("*");
        return tables.Keys.ToList().ToAsyncEnumerable();
    }

    public Task<StreamsPage> ListStreamsAsync(string? table, StreamArn? after, CancellationToken ct)
    {
        Before($"{table}/streams");
        var mine = streams.Where(stream => stream.Table == table).SkipWhile(stream => after is not null && stream != after).Skip(after is null ? 0 : 1).ToList();
        return Task.FromResult(new StreamsPage([.. mine.Take(1)], mine.Count > 1 ? mine[0] : null));
    }

    public Task<StreamDescription> DescribeStreamAsync(StreamArn stream, ShardId? after, ShardId? childrenOf, CancellationToken ct) => throw new NotSupportedException();

    public Task<string> GetShardIteratorAsync(StreamArn stream, ShardId shard, SequenceNumber? after, CancellationToken ct) => throw new NotSupportedException();

    public Task<RecordsPage> GetRecordsAsync(string iterator, CancellationToken ct) => throw new NotSupportedException();
}
