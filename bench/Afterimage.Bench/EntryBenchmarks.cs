using System.Security.Cryptography;
using System.Text.Json;
using Afterimage.Capture;
using Afterimage.Entries.Raw;
using Afterimage.Entries;
using Afterimage.Proof;
using Afterimage.Streams.Aws;
using Afterimage.Streams.Records;
using Afterimage.Streams.Records.Tape;
using BenchmarkDotNet.Attributes;

namespace Afterimage.Bench;

/// <summary>
/// From the bytes of records to the bytes of entries, one field changed: ours, the SDK's unmarshalling with a serialiser, and the floor. Each
/// figure is for one record of an answer of a hundred.
/// </summary>
[MemoryDiagnoser]
public class EntryBenchmarks : IDisposable
{
    internal static readonly StreamArn Arn = new("arn:aws:dynamodb:us-west-2:123456789012:table/Orders/stream/2026-11-21T00:00:00.000");
    private static readonly ShardId Shard = new("shardId-00000001795302519000-abcdef12");

    private readonly RecordTape tape = new();
    private readonly EntryWriter writer = new(Arn, Shard, TableRules.None);
    private readonly ByteBuffer changes = new();
    private readonly byte[] shardKey = [.. Enumerable.Range(0, ShardSalts.KeySize).Select(value => (byte)value)];
    private EntryCommitter committer = null!;
    private byte[] answer = [];
    private IReadOnlyList<ReadOnlyMemory<byte>> records = [];
    private List<SdkRecord> sdkRecords = [];

    /// <summary>Attributes in an image: 8 are about 500 bytes, 64 about 4 KB.</summary>
    [Params(8, 64)]
    public int Attributes { get; set; }

    /// <summary>Makes the samples and holds both sides to the same outputs.</summary>
    [GlobalSetup]
    public void Prepare()
    {
        answer = SampleRecords.Answer(Attributes);
        records = StreamsAnswers.Records(answer).Records;
        sdkRecords = SdkDecoding.Read(answer);
        committer = new EntryCommitter(Arn, Shard, TableRules.None, shardKey);
        for (var at = 0; at < records.Count; at++)
        {
            writer.Write(records[at], at, default);
            var peer = SdkEntry.Make(sdkRecords[at], Arn.Value, Arn.Table, Shard.Value, at);
            var leaf = System.Text.Encoding.UTF8.GetString(committer.Commit(records[at], at, default).Text.Span);
            var peersLeaf = SdkLeaf.Make(sdkRecords[at], Arn.Value, at, shardKey);
            if (leaf != peersLeaf)
            {
                throw new InvalidOperationException($"The peer makes another leaf:\n{peersLeaf}\n{leaf}");
            }

            if (writer.Built is not null || !writer.Json.Span.SequenceEqual(peer))
            {
                throw new InvalidOperationException($"The peer makes another entry:\n{System.Text.Encoding.UTF8.GetString(peer)}\n{System.Text.Encoding.UTF8.GetString(writer.Json.Span)}");
            }
        }
    }

    /// <summary>Lets the committer's hashes go.</summary>
    [GlobalCleanup]
    public void Dispose()
    {
        Dispose(isDisposing: true);
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc cref="Dispose()"/>
    protected virtual void Dispose(bool isDisposing)
    {
        if (isDisposing)
        {
            committer.Dispose();
        }
    }

    /// <summary>Decoding alone.</summary>
    [Benchmark(OperationsPerInvoke = SampleRecords.Count)]
    public int DecodeOurs()
    {
        var nodes = 0;
        foreach (var record in records)
        {
            nodes += tape.TryRead(record.Span) ? tape.Count : 0;
        }

        return nodes;
    }

    /// <summary>Decoding alone, by the SDK.</summary>
    [Benchmark(OperationsPerInvoke = SampleRecords.Count)]
    public int DecodeSdk() => SdkDecoding.Read(answer).Count;

    /// <summary>Comparing the images of records that are decoded, which writes the differences.</summary>
    [Benchmark(OperationsPerInvoke = SampleRecords.Count)]
    public int DiffOurs()
    {
        changes.Truncate(0);
        tape.TryRead(records[0].Span);
        var diff = new ChangesText(tape, new RawRules(TableRules.None), changes);
        for (var at = 0; at < SampleRecords.Count; at++)
        {
            diff.Append(tape.Envelope.OldImage, tape.Envelope.NewImage);
        }

        return changes.Length;
    }

    /// <summary>Comparing the images of records that are decoded, as the SDK's values.</summary>
    [Benchmark(OperationsPerInvoke = SampleRecords.Count)]
    public int DiffSdk() => sdkRecords.Sum(record => SdkEntry.Changes(record.OldImage!, record.NewImage!).Count);

    /// <summary>From records to entries.</summary>
    [Benchmark(OperationsPerInvoke = SampleRecords.Count)]
    public int EntryOurs() => Write(records);

    /// <summary>From an answer, which is cut into records first, to entries.</summary>
    [Benchmark(OperationsPerInvoke = SampleRecords.Count)]
    public int EntryOursFromAnswer() => Write(StreamsAnswers.Records(answer).Records);

    /// <summary>From records to entries by way of values, as it is done where bytes do not do.</summary>
    [Benchmark(OperationsPerInvoke = SampleRecords.Count)]
    public int EntryOfValues() =>
        records.Sum(record => EntryJson.ToUtf8(EntryMaker.Make(record, Arn, Shard, 0, TableRules.None, default)).Length);

    /// <summary>From an answer to entries on the SDK.</summary>
    [Benchmark(OperationsPerInvoke = SampleRecords.Count, Baseline = true)]
    public int EntrySdk() => SdkDecoding.Read(answer).Sum(record => SdkEntry.Make(record, Arn.Value, Arn.Table, Shard.Value, 0).Length);

    /// <summary>From records to leaves, and the bodies that are kept with them.</summary>
    [Benchmark(OperationsPerInvoke = SampleRecords.Count)]
    public int LeafOurs() => records.Sum(record => committer.Commit(record, 0, default).Text.Length);

    /// <summary>From an answer to leaves on the SDK, without anything to keep.</summary>
    [Benchmark(OperationsPerInvoke = SampleRecords.Count)]
    public int LeafSdk() => SdkDecoding.Read(answer).Sum(record => SdkLeaf.Make(record, Arn.Value, 0, shardKey).Length);

    /// <summary>The least that there is to do: find the tokens of each record, and one SHA-256 of what its id is made of.</summary>
    [Benchmark(OperationsPerInvoke = SampleRecords.Count)]
    public int Floor()
    {
        var tokens = 0;
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        foreach (var record in records)
        {
            var json = new Utf8JsonReader(record.Span);
            while (json.Read())
            {
                tokens++;
            }

            SHA256.HashData(record.Span[..128], hash);
        }

        return tokens + hash[0];
    }

    private int Write(IReadOnlyList<ReadOnlyMemory<byte>> batch)
    {
        var length = 0;
        foreach (var record in batch)
        {
            writer.Write(record, 0, default);
            length += writer.Json.Length;
        }

        return length;
    }
}
