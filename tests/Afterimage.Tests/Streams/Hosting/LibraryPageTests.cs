using System.Collections.Concurrent;
using System.Text;
using Afterimage.Streams.Aws;
using Afterimage.Streams.Records;
using Afterimage.Tests.Support;
using Afterimage.Tests.Tidy;
using Microsoft.Extensions.DependencyInjection;

namespace Afterimage.Tests.Streams.Hosting;

/// <summary>The programs of docs/library.md: they stand there as they are compiled here, and they do what the page says.</summary>
public sealed class LibraryPageTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0, "OrdersFollower")]
    [InlineData(1, "OneShard")]
    public void The_page_shows_the_program_that_is_compiled(int block, string program)
    {
        var shown = Text("docs/library.md").Split("```csharp\n")[block + 1].Split("```")[0];
        var compiled = Text($"tests/Afterimage.Tests/Streams/Hosting/{program}.cs").Replace("namespace Afterimage.Tests.Streams.Hosting;\n\n", string.Empty, StringComparison.Ordinal);

        shown.ShouldBe(compiled);
    }

    [Fact]
    public async Task The_program_prints_every_change_of_the_table()
    {
        var stream = new FakeStream();
        stream.AddShard("a", null, isClosed: true, "1", "2");
        stream.AddShard("b", "a", isClosed: false, "3");
        var tables = new FakeTables();
        tables.Put(FakeStream.Arn);
        await using var output = new Lines();
        var builder = OrdersFollower.Create([]);
        builder.Services.AddSingleton<TextWriter>(output);
        builder.Services.AddSingleton<IStreamsApi>(stream);
        builder.Services.AddSingleton<ITableLookup>(tables);
        using var host = builder.Build();

        await host.StartAsync(Ct);
        while (output.Written.Count < 3)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, Ct);
        }

        await host.StopAsync(Ct);
        output.Written.ShouldBe(["""INSERT Orders {"id":{"S":"i1"} }""", """INSERT Orders {"id":{"S":"i2"} }""", """INSERT Orders {"id":{"S":"i3"} }"""]);
    }

    [Fact]
    public async Task One_shard_is_copied_to_its_end_from_where_the_copy_before_had_come()
    {
        var stream = new FakeStream();
        stream.AddShard("a", null, isClosed: true, "1", "2", "3");
        var copied = new List<string>();

        var reached = await OneShard.CopyAsync(
            stream,
            FakeStream.Arn,
            new ShardId("a"),
            new SequenceNumber("1"),
            record =>
            {
                copied.Add(record.SequenceNumber.Text);
                return Task.CompletedTask;
            },
            Ct);

        copied.ShouldBe(["2", "3"]);
        reached.ShouldBe(new SequenceNumber("3"));
    }

    private static string Text(string path) => Repository.Files.Single(file => file.Path == path).Text;

    private sealed class Lines : TextWriter
    {
        public ConcurrentQueue<string> Written { get; } = new();

        public override Encoding Encoding => Encoding.UTF8;

        public override Task WriteLineAsync(string? value)
        {
            Written.Enqueue(value!);
            return Task.CompletedTask;
        }
    }
}
