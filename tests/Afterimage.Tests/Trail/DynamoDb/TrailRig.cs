using System.Text;
using Afterimage.Entries;
using Afterimage.Sealing;
using Afterimage.Streams.Records;
using Afterimage.Tests.Support;
using Afterimage.Trail;
using Afterimage.Verifying;

namespace Afterimage.Tests.Trail.DynamoDb;

/// <summary>A trail in a DynamoDB table in memory, the records that it is to hold, and everything that must be true of it in the end.</summary>
internal sealed class TrailRig : IDisposable
{
    public const string Name = "audit.example.com/orders";
    public static readonly DateTimeOffset Start = new(2026, 11, 21, 20, 0, 0, TimeSpan.Zero);

    /// <summary>The rules that most processes were started with.</summary>
    public static readonly TableRules Rules = new() { Service = "orders-api", Actor = AttributePath.Parse("/by"), Entity = AttributePath.Parse("/kind") };

    /// <summary>Rules of a process that was configured otherwise.</summary>
    public static readonly TableRules OtherRules = new() { Service = "orders", Actor = AttributePath.Parse("/kind"), Tenant = AttributePath.Parse("/by") };

    private readonly OrderRecords records;
    private readonly MemoryKey key = new();
    private long sequence = 100;

    private TrailRig(int seed)
    {
        records = new OrderRecords(new Random(seed));
        Table = FakeTrail.Table(new Random(seed));
    }

    public FakeTable Table { get; }

    public SetTime Time { get; } = new(Start);

    /// <summary>What was ever read of an entry, but for the place that it gets later.</summary>
    public SeenEntries Seen { get; } = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>A trail that knows its table, and holds nothing.</summary>
    public static async Task<TrailRig> NewAsync(int seed)
    {
        var rig = new TrailRig(seed);
        await using var trail = FakeTrail.Open(rig.Table, OpenMode.CreateOrWrite, "setup");
        await trail.NameAsync(Name, Ct);
        await trail.KeepTableAsync(new TrailTable("Orders", new("id", AttributeKind.S), new("line", AttributeKind.N), FakeStream.Arn, Followed: true), Ct);
        return rig;
    }

    /// <summary>A process that writes to the trail.</summary>
    public RigProcess Process(string writer, TableRules? rules = null, TimeProvider? time = null) => new(Table, writer, rules ?? Rules, time ?? new LeapingTime());

    /// <summary>So many records, a second after each other.</summary>
    public List<ReadOnlyMemory<byte>> Batch(int count) => [.. Enumerable.Range(0, count).Select(_ =>
    {
        Time.Now += TimeSpan.FromSeconds(1);
        return (ReadOnlyMemory<byte>)records.Record(sequence++, Time.Now);
    })];

    /// <summary>A record that nobody can read, and that nobody could tell from another one of the same words.</summary>
    public static ReadOnlyMemory<byte> Rubbish(int number) => Encoding.UTF8.GetBytes($"rubbish {number}");

    /// <summary>The id that the entry of a record has, wherever it comes to lie.</summary>
    public static EntryId IdOf(ReadOnlyMemory<byte> raw) => EntryMaker.Make(raw, FakeStream.Arn, TrailShard.Intake, 0, TableRules.None, Start).Id;

    /// <summary>The sequence number of a record; null where nobody can read it.</summary>
    public static string? NumberOf(ReadOnlyMemory<byte> raw) => EntryMaker.Make(raw, FakeStream.Arn, TrailShard.Intake, 0, TableRules.None, Start).SequenceNumber;

    /// <summary>Seals what was kept.</summary>
    public async Task SealAsync(ITrail trail)
    {
        Time.Now += TimeSpan.FromSeconds(10);
        await new Sealer(trail, Name, key, [], Time).SealAsync(DateTimeOffset.MaxValue, Ct);
    }

    /// <summary>What checking finds, of a trail that was sealed.</summary>
    public async Task<Verification> VerifyAsync()
    {
        await using var trail = FakeTrail.Open(Table, OpenMode.ReadOnly, "verifier");
        return await new Verifier(trail, key.Verifier(Name), [], new VerifierOptions(), Time, SeededSecrets.From(9)).RunAsync(new Progress<long>(), Ct);
    }

    /// <summary>Demands that the trail holds these records once each, in the order of their shards, whoever asks for them, and that it is sound.</summary>
    /// <param name="shards">The records of each shard in their order.</param>
    public async Task CheckAsync(params IReadOnlyList<(ShardId Shard, IReadOnlyList<ReadOnlyMemory<byte>> Records)> shards)
    {
        Table.Calm();
        Table.CatchUp();
        await using (var trail = FakeTrail.Open(Table, OpenMode.CreateOrWrite, "checker"))
        {
            await new TrailAnswers(trail, Seen).CheckAsync(shards);
            await SealAsync(trail);
        }

        var verified = await VerifyAsync();
        verified.Findings.Where(finding => finding.Check != "GAP").ShouldBeEmpty(string.Join('\n', verified.Findings));
        verified.Findings.Count(finding => finding.Check == "GAP").ShouldBe(Seen.Gaps);
    }

    public void Dispose() => key.Dispose();
}
