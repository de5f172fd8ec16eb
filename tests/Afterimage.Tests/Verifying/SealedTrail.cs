using System.Globalization;
using System.Text;
using Afterimage.Capture;
using Afterimage.Entries;
using Afterimage.Entries.Raw;
using Afterimage.Proof;
using Afterimage.Sealing;
using Afterimage.Streams.Reading;
using Afterimage.Streams.Records;
using Afterimage.Streams.Shards;
using Afterimage.Tests.Support;
using Afterimage.Trail;
using Afterimage.Trail.Sqlite;
using Afterimage.Verifying;
using Microsoft.Data.Sqlite;

namespace Afterimage.Tests.Verifying;

/// <summary>
/// A trail as a worker and a sealer leave it behind: a stream's beginning, a shard that ended and its child, records of every kind, one that nobody can read, a gap, and
/// rules that changed on the way. And the ways of an insider who has the file.
/// </summary>
internal sealed class SealedTrail : IAsyncDisposable
{
    public const string Name = "audit.example.com/orders";
    public const string Parent = "shardId-parent";
    public const string Child = "shardId-child";
    public static readonly DateTimeOffset Start = new(2026, 11, 21, 20, 0, 0, TimeSpan.Zero);

    private static readonly TableRules First = new()
    {
        Service = "orders-api",
        Actor = AttributePath.Parse("/by"),
        Entity = AttributePath.Parse("/kind"),
        Ignore = [AttributePath.Parse("/by")],
    };

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("afterimage-test-");
    private readonly OrderRecords records;
    private long sequence = 100;

    private SealedTrail(int seed) => records = new OrderRecords(new Random(seed));

    public string Path => System.IO.Path.Combine(folder.FullName, "trail.db");

    public SetTime Time { get; } = new(Start);

    public MemoryKey Key { get; } = new();

    public MemoryWitness Witness { get; } = new();

    public TableRules Rules { get; set; } = First;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Fills a trail.</summary>
    /// <param name="seed">Chooses the records.</param>
    /// <param name="redact">What is redacted from some point on.</param>
    public static async Task<SealedTrail> FillAsync(int seed, params string[] redact)
    {
        var made = new SealedTrail(seed);
        await made.WorkAsync(async (trail, recorder) =>
        {
            await recorder.BeginAsync(new StreamBeginning(FakeStream.Arn, null, Start, StartFrom.TrimHorizon, [new(Parent)], [new(Parent)]), Ct);
            await trail.KeepTableAsync(new TrailTable("Orders", new("id", AttributeKind.S), new("line", AttributeKind.N), FakeStream.Arn, Followed: true), Ct);
            await made.KeepAsync(recorder, Parent, made.Batch(30));
            await made.SealAsync(trail);
            await made.KeepAsync(recorder, Parent, [Encoding.UTF8.GetBytes("rubbish"), .. made.Batch(20)]);
        });
        made.Rules = First with { Service = "orders", Redact = [.. redact.Select(AttributePath.Parse)] };
        await made.WorkAsync(async (trail, recorder) =>
        {
            await made.KeepAsync(recorder, Parent, made.Batch(70), ends: true);
            await made.KeepAsync(recorder, Child, made.Batch(25));
            await made.SealAsync(trail);
            var gap = new ShardGap(FakeStream.Arn, new(Child), null, null, GapCause.Trimmed, GapCertainty.Possible, made.Time.Now);
            await made.KeepAsync(recorder, Child, made.Batch(10), gap: gap);
            await trail.AcknowledgeGapAsync((await trail.GapsAsync(Ct))[0].Entry.Id, made.Time.Now, "the worker was down", Ct);
            await made.SealAsync(trail);
        });
        return made;
    }

    /// <summary>Works on the trail as a worker does.</summary>
    public async Task WorkAsync(Func<SqliteTrail, Recorder, Task> work)
    {
        await using var trail = await SqliteTrail.OpenAsync("sqlite:trail.db", Path, OpenMode.CreateOrWrite, Ct);
        await trail.NameAsync(Name, Ct);
        using var recorder = new Recorder(trail, _ => Rules, new Unheard(), SeededSecrets.From(5));
        await work(trail, recorder);
    }

    /// <summary>So many records, a second after each other.</summary>
    public List<ReadOnlyMemory<byte>> Batch(int count) => [.. Enumerable.Range(0, count).Select(_ =>
    {
        Time.Now += TimeSpan.FromSeconds(1);
        return (ReadOnlyMemory<byte>)records.Record(sequence++, Time.Now);
    })];

    public async Task KeepAsync(Recorder recorder, string shard, IReadOnlyList<ReadOnlyMemory<byte>> batch, bool ends = false, ShardGap? gap = null)
    {
        var row = (await recorder.ReadAsync(FakeStream.Arn, Ct)).Shards.FirstOrDefault(known => known.Shard.Value == shard);
        var before = row ?? new ShardProgress(new ShardId(shard), shard == Child ? new ShardId(Parent) : null, null, 0, false);
        (await recorder.KeepAsync(new StreamBatch(FakeStream.Arn, new(shard), batch, ends) { Gap = gap }, before, Ct)).ShouldBeOfType<KeepResult.Kept>();
    }

    public async Task SealAsync(ITrail trail)
    {
        Time.Now += TimeSpan.FromSeconds(10);
        await new Sealer(trail, Name, Key, [Witness], Time).SealAsync(DateTimeOffset.MaxValue, Ct);
    }

    /// <summary>Checks the trail as it is now.</summary>
    public Task<Verification> VerifyAsync() => VerifyAsync(Key.Verifier(Name), [Witness]);

    public async Task<Verification> VerifyAsync(VerifierKey key, IReadOnlyList<IWitness> witnesses)
    {
        await using var trail = await SqliteTrail.OpenAsync("sqlite:trail.db", Path, OpenMode.ReadOnly, Ct);
        return await new Verifier(trail, key, witnesses, new VerifierOptions(), Time, SeededSecrets.From(9)).RunAsync(new Progress<long>(), Ct);
    }

    /// <summary>Demands that checking finds this, and says that the trail was altered.</summary>
    public async Task FoundAsync(string check, string what)
    {
        var verified = await VerifyAsync();

        verified.IsAltered.ShouldBeTrue();
        verified.Findings.ShouldContain(
            finding => finding.IsAlteration && finding.Check == check && finding.What.Contains(what, StringComparison.Ordinal), string.Join('\n', verified.Findings));
        verified.Result.ShouldStartWith("ALTERED: ");
    }

    /// <summary>Alters the file as anybody can who may write it.</summary>
    public int Alter(string sql, params ReadOnlySpan<object?> values)
    {
        using var connection = Connect();
        using var command = new SqliteCommand(sql, connection);
        for (var at = 0; at < values.Length; at++)
        {
            command.Parameters.AddWithValue(string.Create(CultureInfo.InvariantCulture, $"${at + 1}"), values[at] ?? DBNull.Value);
        }

        return command.ExecuteNonQuery();
    }

    public object? Ask(string sql)
    {
        using var connection = Connect();
        using var command = new SqliteCommand(sql, connection);
        return command.ExecuteScalar();
    }

    /// <summary>Alters the leaves of a block and the bodies of its entries.</summary>
    public void AlterBlock(long no, Action<List<byte[]>, List<byte[]>> alter)
    {
        var (texts, bodies) = (Open(no, "texts"), Open(no, "bodies"));
        alter(texts, bodies);
        Alter(
            "UPDATE block SET texts = $2, texts_length = $3, bodies = $4, bodies_length = $5, leaves = $6 WHERE no = $1",
            no,
            Pack(texts),
            Pack(texts).Length,
            Pack(bodies),
            Pack(bodies).Length,
            texts.Count);
    }

    /// <summary>The block that a place of a shard lies in, and where it begins.</summary>
    public (long No, int Offset) Find(string shard, long place)
    {
        var no = (long)Ask($"SELECT b.no FROM block AS b JOIN shard AS s ON s.no = b.shard WHERE s.id = '{shard}' AND b.place <= {place} ORDER BY b.place DESC LIMIT 1")!;
        return (no, (int)(place - (long)Ask($"SELECT place FROM block WHERE no = {no}")!));
    }

    /// <summary>A copy of the file as it is now, to be put back later.</summary>
    public string BackUp()
    {
        var copy = $"{Path}-backup";
        File.Copy(Path, copy);
        return copy;
    }

    public void PutBack(string copy) => File.Copy(copy, Path, overwrite: true);

    public ValueTask DisposeAsync()
    {
        Key.Dispose();
        folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    private SqliteConnection Connect()
    {
        var connection = new SqliteConnection($"Data Source={Path};Pooling=False;Foreign Keys=False");
        connection.Open();
        return connection;
    }

    private List<byte[]> Open(long no, string what)
    {
        var (length, content) = ((long)Ask($"SELECT {what}_length FROM block WHERE no = {no}")!, (byte[])Ask($"SELECT {what} FROM block WHERE no = {no}")!);
        return [.. Block.Unpack(new Packed((int)length, content)).Select(part => part.ToArray())];
    }

    // Blocks that do not get shorter by it are kept as they are.
    private static byte[] Pack(List<byte[]> parts)
    {
        var packed = new ByteBuffer();
        foreach (var part in parts)
        {
            packed.AppendLength(part.Length);
            packed.Append(part);
        }

        return packed.Written.ToArray();
    }

    private sealed class Unheard : IProgress<KeptBatch>
    {
        public void Report(KeptBatch value)
        {
        }
    }
}
