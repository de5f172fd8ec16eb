using Afterimage.Capture;
using Afterimage.Entries;
using Afterimage.Streams.Reading;
using Afterimage.Streams.Shards;
using Afterimage.Tests.Support;
using Afterimage.Trail;
using Afterimage.Verifying;

namespace Afterimage.Tests.Verifying;

/// <summary>The trail beside the stream that it was read from.</summary>
public sealed class StreamComparisonTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("afterimage-test-");
    private readonly FakeStream stream = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_the_trail_kept_is_what_the_stream_holds()
    {
        stream.AddShard("a", null, false, "5", "6", "-", "-", "7", "8", "9", "10");

        (await CompareAsync("5", "6", "7", "8")).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_was_trimmed_since_is_not_missed()
    {
        stream.AddShard("a", null, false, "7", "8");

        (await CompareAsync("5", "6", "7", "8")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_record_that_the_trail_does_not_have_is_told()
    {
        stream.AddShard("a", null, false, "5", "6", "7", "8");

        (await CompareAsync("5", "6", "8")).ShouldHaveSingleItem().What.ShouldEndWith("the stream has record 7, and the trail does not");
    }

    [Fact]
    public async Task An_entry_that_the_stream_does_not_have_is_told()
    {
        stream.AddShard("a", null, false, "5", "8");

        (await CompareAsync("5", "6", "8")).ShouldHaveSingleItem().What.ShouldEndWith("and the stream has no record 6");
    }

    [Fact]
    public async Task An_entry_that_says_something_else_is_told()
    {
        stream.AddShard("a", null, false, "5", "6");

        var found = await CompareAsync(["5", "6"], text => text.Replace("\"NewImage\":{", "\"NewImage\":{\"x\":{\"S\":\"forged\"},", StringComparison.Ordinal));

        found.Count.ShouldBe(2);
        found.ShouldAllBe(finding => finding.Check == "STREAM MISMATCH" && finding.IsAlteration && finding.What.Contains("another image after", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_a_function_brought_before_the_worker_is_compared_where_it_is(bool isForged)
    {
        stream.AddShard("a", null, false, "5", "6", "7", "8");

        var found = await CompareAsync(["5", "6", "7", "8"], text => text, ["6", "7"], text => isForged ? text.Replace("\"NewImage\":{", "\"NewImage\":{\"x\":{\"S\":\"forged\"},", StringComparison.Ordinal) : text);

        found.Count(finding => finding.What.Contains("another image after", StringComparison.Ordinal)).ShouldBe(isForged ? 2 : 0);
        found.Count.ShouldBe(isForged ? 2 : 0);
    }

    public void Dispose() => folder.Delete(recursive: true);

    private Task<IReadOnlyList<Finding>> CompareAsync(params string[] kept) => CompareAsync(kept, text => text);

    private Task<IReadOnlyList<Finding>> CompareAsync(string[] kept, Func<string, string> alter) => CompareAsync(kept, alter, [], alter);

    private async Task<IReadOnlyList<Finding>> CompareAsync(string[] kept, Func<string, string> alter, string[] before, Func<string, string> alterBefore)
    {
        await using var trail = await Trails.OpenFileAsync($"sqlite:{Path.Combine(folder.FullName, "trail.db")}", OpenMode.CreateOrWrite, Ct);
        using var recorder = new Recorder(trail, _ => TableRules.None, new Progress<KeptBatch>(), SeededSecrets.From(1));
        if (before.Length > 0)
        {
            await new IntakeRecorder(trail, _ => TableRules.None, SeededSecrets.From(2)).PutAsync(FakeStream.Arn, Records(before, alterBefore), DateTimeOffset.UnixEpoch, Ct);
        }

        var records = Records(kept, alter);
        await recorder.KeepAsync(new StreamBatch(FakeStream.Arn, new("a"), records, EndsShard: false), new ShardProgress(new("a"), null, null, 0, false), Ct);
        return await new StreamComparison(trail, stream).CompareAsync(FakeStream.Arn, Ct);
    }

    private static List<ReadOnlyMemory<byte>> Records(string[] numbers, Func<string, string> alter) =>
        [.. numbers.Select(number => (ReadOnlyMemory<byte>)System.Text.Encoding.UTF8.GetBytes(alter(FakeStream.Record(number))))];
}
