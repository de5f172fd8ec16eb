using Afterimage.Entries;
using Afterimage.Relay;
using Afterimage.Relay.Sinks;

namespace Afterimage.Tests.Relay.Sinks;

public sealed class FileSinkTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("afterimage-test-").FullName;

    private string Path => System.IO.Path.Combine(folder, "entries.jsonl");

    [Fact]
    public async Task Each_entry_is_a_line_and_later_ones_follow()
    {
        var batch = Outgoing.Some(3);
        await using (var sink = Open())
        {
            (await SendAsync(sink, [batch[0]])).ShouldBe([Delivery.Done]);
        }

        await using var again = Open();
        (await SendAsync(again, [batch[1], batch[2]])).ShouldBe([Delivery.Done, Delivery.Done]);

        Lines(Path).ShouldBe(batch.Select(outgoing => EntryJson.ToText(outgoing.Entry)));
    }

    [Fact]
    public async Task A_full_file_is_given_the_next_number_and_nothing_is_overwritten()
    {
        var batch = Outgoing.Some(4);
        await File.WriteAllTextAsync(System.IO.Path.Combine(folder, "entries.1.jsonl"), "from before\n", TestContext.Current.CancellationToken);
        await using var sink = Open(bytesMax: batch[0].Text.Length + 10);
        foreach (var one in batch)
        {
            await SendAsync(sink, [one]);
        }

        Lines(System.IO.Path.Combine(folder, "entries.1.jsonl")).ShouldBe(["from before"]);
        foreach (var (name, one) in ((string[])["entries.2.jsonl", "entries.3.jsonl", "entries.4.jsonl", "entries.jsonl"]).Zip(batch))
        {
            Lines(System.IO.Path.Combine(folder, name)).ShouldBe([EntryJson.ToText(one.Entry)]);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(70_000)]
    public async Task A_line_that_a_crash_tore_is_cut_off(int length)
    {
        var batch = Outgoing.Some(2);
        await using (var sink = Open())
        {
            await SendAsync(sink, [batch[0]]);
        }

        var torn = EntryJson.ToText(batch[1].Entry);
        await File.AppendAllTextAsync(Path, (torn[..^1] + new string(' ', length))[..length], TestContext.Current.CancellationToken);
        await using var again = Open();
        await SendAsync(again, [batch[1]]);

        Lines(Path).ShouldBe(batch.Select(outgoing => EntryJson.ToText(outgoing.Entry)));
    }

    [Fact]
    public async Task A_file_of_something_else_is_left_alone()
    {
        await File.WriteAllTextAsync(Path, "dear diary", TestContext.Current.CancellationToken);
        await using var sink = Open();

        var error = await Should.ThrowAsync<SinkException>(() => SendAsync(sink, Outgoing.Some(1)));

        error.IsDown.ShouldBeTrue();
        error.Hint.ShouldContain("Name another file");
        (await File.ReadAllTextAsync(Path, TestContext.Current.CancellationToken)).ShouldBe("dear diary");
    }

    [Fact]
    public async Task A_folder_that_is_not_there_is_down_until_it_is()
    {
        var missing = System.IO.Path.Combine(folder, "later");
        await using var sink = new FileSink("file:later", System.IO.Path.Combine(missing, "entries.jsonl"));

        (await Should.ThrowAsync<SinkException>(() => SendAsync(sink, Outgoing.Some(1)))).IsDown.ShouldBeTrue();
        Directory.CreateDirectory(missing);
        (await SendAsync(sink, Outgoing.Some(1))).ShouldBe([Delivery.Done]);
    }

    [Fact]
    public async Task Two_do_not_write_one_file()
    {
        await using var sink = Open();
        await SendAsync(sink, Outgoing.Some(1));
        await using var second = Open();

        (await Should.ThrowAsync<SinkException>(() => SendAsync(second, Outgoing.Some(1)))).Hint.ShouldContain("no other program writes this file");
    }

    [Fact]
    public async Task Nobody_else_may_read_it()
    {
        await using var sink = Open();
        await SendAsync(sink, Outgoing.Some(1));

        // Windows has no such modes.
        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(Path).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private FileSink Open(long bytesMax = FileSink.BytesMax) => new("file:entries.jsonl", Path, bytesMax);

    private static Task<IReadOnlyList<Delivery>> SendAsync(FileSink sink, IReadOnlyList<OutgoingEntry> batch) => sink.SendAsync(batch, TestContext.Current.CancellationToken);

    private static string[] Lines(string path)
    {
        // It is open for writing, so a reader must not ask to be the only one.
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(stream);
        var text = reader.ReadToEnd();
        text.ShouldEndWith("\n");
        return text[..^1].Split('\n');
    }
}
