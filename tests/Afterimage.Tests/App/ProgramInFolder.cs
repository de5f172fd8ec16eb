using Afterimage.App;
using Afterimage.Entries;
using Afterimage.Streams.Records;
using Afterimage.Streams.Shards;
using Afterimage.Tests.Support;
using Afterimage.Trail;

namespace Afterimage.Tests.App;

/// <summary>The program, called in this process with a folder of its own and nothing of the real environment.</summary>
internal sealed class ProgramInFolder : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("afterimage-test-").FullName;

    public Dictionary<string, string> Environment { get; } = new(StringComparer.Ordinal);

    /// <summary>What the clock shows when a call begins.</summary>
    public DateTimeOffset Start { get; set; } = new LeapingTime().GetUtcNow();

    public string Trail => $"sqlite:{PathOf("trail.db")}";

    public string PathOf(string name) => Path.Combine(folder, name);

    /// <summary>Calls it; the trail is the one of this folder unless the call names another.</summary>
    public async Task<(int ExitCode, string Out, string Error)> RunAsync(params string[] args)
    {
        await using var output = new StringWriter();
        await using var error = new StringWriter();
        var surroundings = new Surroundings(
            output, error, name => Environment.GetValueOrDefault(name), new LeapingTime(Start), new Random(1), SeededSecrets.From(1), new StopSignals(TestContext.Current.CancellationToken, CancellationToken.None), IsTerminal: false, int.MaxValue);
        string[] all = args is ["--version"] || args.Contains("--trail") || Environment.ContainsKey("AFTERIMAGE_TRAIL") ? args : [.. args, "--trail", Trail];
        var exitCode = await CommandLine.RunAsync(all, surroundings);
        return (exitCode, output.ToString(), error.ToString());
    }

    /// <summary>Fills the trail with one order that was placed, shipped and deleted.</summary>
    public async Task FillAsync()
    {
        var ct = TestContext.Current.CancellationToken;
        await using var trail = await Trails.OpenFileAsync(Trail, OpenMode.CreateOrWrite, ct);
        await trail.NameAsync("afterimage/test", ct);
        await trail.KeepTableAsync(new TrailTable("Orders", new KeyAttribute("id", AttributeKind.S), null, null, Followed: true), ct);
        var placed = Items.Item("""{"id": {"S": "o1"}, "status": {"S": "PLACED"}}""");
        var shipped = Items.Item("""{"id": {"S": "o1"}, "status": {"S": "SHIPPED"}}""");
        AuditEntry[] entries = [SampleEntries.Of(null, placed, "5", 0), SampleEntries.Of(placed, shipped, "6", 1), SampleEntries.Of(shipped, null, "7", 2)];
        var before = new ShardProgress(new ShardId(entries[0].ShardId), null, null, 0, false);
        var after = before with { Last = new SequenceNumber("7"), Size = 3, ReadThrough = entries[^1].Time };
        await trail.AppendAsync(Leaves.Append(new StreamArn(SampleEntries.Arn), before, after, entries), ct);
    }

    /// <summary>Adds two gaps behind the order.</summary>
    public async Task FillWithGapsAsync()
    {
        await FillAsync();
        var ct = TestContext.Current.CancellationToken;
        await using var trail = await Trails.OpenFileAsync(Trail, OpenMode.CreateOrWrite, ct);
        var before = (await trail.ShardsAsync(null, ct))[0].Progress;
        AuditEntry[] gaps = [Gap("7", 3, GapCertainty.Certain), Gap("8", 4, GapCertainty.Possible)];
        await trail.AppendAsync(Leaves.Append(new StreamArn(SampleEntries.Arn), before, before with { Size = 5 }, gaps), ct);

        static AuditEntry Gap(string last, long index, GapCertainty certainty) => SampleEntries.Of(null, AttributeMap.Empty, last, index) with
        {
            Id = EntryId.OfGap(SampleEntries.Arn, "shardId-00000001", new SequenceNumber(last), GapCause.Trimmed),
            Kind = EntryKind.Gap,
            Action = null,
            Keys = null,
            NewImage = null,
            Changes = null,
            SequenceNumber = null,
            Gap = new EntryGap(last, null, GapCause.Trimmed, certainty, null),
        };
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
