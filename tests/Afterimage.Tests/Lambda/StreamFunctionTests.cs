using System.Text;
using System.Text.Json;
using Afterimage.Capture;
using Afterimage.Entries;
using Afterimage.Lambda;
using Afterimage.Tests.Support;
using Afterimage.Trail;

namespace Afterimage.Tests.Lambda;

/// <summary>The function behind a stream or a queue, over a trail in a table.</summary>
public sealed class StreamFunctionTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    private readonly FakeTable table = FakeTrail.Table(new Random(1));
    private readonly StringWriter told = new();
    private readonly List<ITrail> trails = [];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await TakeUpAsync(table);

    public async ValueTask DisposeAsync()
    {
        foreach (var trail in trails)
        {
            await trail.DisposeAsync();
        }

        await told.DisposeAsync();
    }

    [Fact]
    public async Task Whatever_fails_nothing_is_lost_nothing_comes_twice_and_items_keep_their_order()
    {
        for (var seed = 1; seed <= 500; seed++)
        {
            await HistoryAsync(seed);
        }
    }

    [Fact]
    public async Task Pain_of_the_articles_a_record_that_cannot_be_read_is_kept_as_its_bytes_and_stops_nobody()
    {
        var records = Records(new Random(3), 3);
        records[1] = EventSource.Delivered("""{"eventName":"MODIFY","eventSource":"aws:dynamodb","dynamodb":{"Keys":{"id":{"Q":"o1"}},"SequenceNumber":"101"}}"""u8.ToArray());

        Failures(await CallAsync(EventSource.EventOf(records))).ShouldBeEmpty();

        var entries = await EntriesAsync();
        entries.Count.ShouldBe(3);
        Encoding.UTF8.GetString(entries.Single(entry => entry.Unreadable is not null).Unreadable!.Raw.Span).ShouldContain("\"Q\":\"o1\"");
    }

    [Fact]
    public async Task An_entry_has_the_id_that_a_worker_gives_it()
    {
        var records = Records(new Random(4), 5);

        await CallAsync(EventSource.EventOf(records));

        (await EntriesAsync()).Select(entry => entry.Id).ShouldBe(
            records.Select(record => EntryMaker.Make(record, FakeStream.Arn, new("shard"), 0, TableRules.None, default).Id), ignoreOrder: true);
    }

    [Fact]
    public async Task Pain_22_a_call_that_fails_names_the_first_of_its_records_so_that_all_after_it_come_again()
    {
        table.Weather = (_, _) => Task.FromResult(Fate.NotDone);

        Failures(await CallAsync(EventSource.EventOf(Records(new Random(5), 7)))).ShouldBe(["100"]);

        told.ToString().ShouldContain("\"level\":\"ERROR\"");
    }

    [Fact]
    public async Task Records_in_messages_are_kept_in_either_envelope_and_foreign_messages_stay_in_the_queue()
    {
        var records = Records(new Random(6), 2);
        var plain = Encoding.UTF8.GetString(records[0]);
        var wrapped = JsonSerializer.Serialize(new { Type = "Notification", TopicArn = "arn:aws:sns:us-east-1:1:changes", Message = Encoding.UTF8.GetString(records[1]) });

        var answer = await CallAsync(Queue(("m1", "not JSON", null), ("m2", plain, null), ("m3", "{\"order\":7}", null), ("m4", wrapped, null)));

        Failures(answer).ShouldBe(["m1", "m3"]);
        (await EntriesAsync()).Count.ShouldBe(2);
        told.ToString().ShouldContain("It stays in the queue");
    }

    [Fact]
    public async Task In_a_queue_that_keeps_an_order_what_follows_a_failure_in_its_group_waits_for_it()
    {
        var records = Records(new Random(7), 3).ConvertAll(Encoding.UTF8.GetString);

        var answer = await CallAsync(Queue(("m1", "not JSON", "o1"), ("m2", records[0], "o1"), ("m3", records[1], "o2"), ("m4", records[2], "o1")));

        Failures(answer).ShouldBe(["m1", "m2", "m4"]);
        (await EntriesAsync()).Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("rubbish")]
    [InlineData("""{"Records":[{"eventSource":"aws:kinesis"}]}""")]
    public async Task An_event_of_something_else_fails_as_a_whole_and_says_what_the_function_is_for(string payload)
    {
        var error = await Should.ThrowAsync<FormatException>(() => CallAsync(Encoding.UTF8.GetBytes(payload)));

        error.Message.ShouldMatch("made for DynamoDB streams|not JSON");
    }

    [Fact]
    public async Task A_table_that_was_never_taken_up_fails_and_says_what_to_run()
    {
        var record = Encoding.UTF8.GetString(Records(new Random(9), 1)[0]).Replace("table/Orders", "table/Others", StringComparison.Ordinal);

        Failures(await CallAsync(EventSource.EventOf([Encoding.UTF8.GetBytes(record)]))).ShouldBe(["100"]);

        told.ToString().ShouldContain("afterimage enable Others");
    }

    [Fact]
    public async Task A_call_whose_time_is_over_says_from_where_on_its_records_must_come_again()
    {
        var function = Function();

        Failures(await function.RunAsync(new Invocation("1", Noon, EventSource.EventOf(Records(new Random(8), 3))), Ct)).ShouldBe(["100"]);
    }

    // Requests fail in every way, and the process dies.
    private async Task HistoryAsync(int seed)
    {
        var random = new Random(seed);
        var weather = new Random(seed);
        var mine = FakeTrail.Table(new Random(seed));
        await TakeUpAsync(mine);
        mine.Weather = (_, _) => weather.Next(40) switch
        {
            0 => Task.FromResult(Fate.NotDone),
            1 => Task.FromResult(Fate.Unanswered),
            2 => Task.FromResult(Fate.Repeated),
            3 when weather.Next(3) == 0 => throw new FunctionDiedException(),
            _ => Task.FromResult(Fate.Done),
        };
        var records = Records(random, random.Next(1, 60));
        var source = new EventSource(records, random);
        await source.RunAsync(async payload =>
        {
            var function = Function(mine);
            return await function.RunAsync(new Invocation("1", Noon.AddHours(1), payload), Ct);
        });
        mine.Calm();

        await using var trail = FakeTrail.Open(mine, OpenMode.ReadOnly, "reader");
        var entries = await trail.SearchAsync(new SearchFilter(), Ct).Select(found => found.Entry).ToListAsync(Ct);
        entries.Select(entry => int.Parse(entry.SequenceNumber!, System.Globalization.CultureInfo.InvariantCulture)).Order()
            .ShouldBe(Enumerable.Range(100, records.Count), $"seed {seed}");
        foreach (var key in entries.Select(entry => entry.Keys!).Distinct().ToList())
        {
            var history = await trail.HistoryAsync(new HistoryFilter("Orders", key, Reverse: false, null), Ct).Select(entry => entry.SequenceNumber!).ToListAsync(Ct);
            history.ShouldBe(history.Order(), ignoreOrder: false, $"seed {seed}");
        }
    }

    private static async Task TakeUpAsync(FakeTable table)
    {
        await using var trail = FakeTrail.Open(table, OpenMode.CreateOrWrite, "enable");
        await trail.KeepTableAsync(new TrailTable("Orders", new KeyAttribute("id", AttributeKind.S), new KeyAttribute("line", AttributeKind.N), FakeStream.Arn, Followed: true), Ct);
    }

    private static List<byte[]> Records(Random random, int count)
    {
        var records = new OrderRecords(random);
        return [.. Enumerable.Range(100, count).Select(number => EventSource.Delivered(records.Record(number, Noon)))];
    }

    internal static byte[] Queue(params IEnumerable<(string Id, string Body, string? Group)> messages) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        Records = messages.Select(message => new
        {
            messageId = message.Id,
            body = message.Body,
            eventSource = "aws:sqs",
            attributes = message.Group is null ? [] : new Dictionary<string, string> { ["MessageGroupId"] = message.Group },
        }),
    });

    private static List<string?> Failures(byte[] answer) =>
        [.. JsonElement.Parse(answer).GetProperty("batchItemFailures").EnumerateArray().Select(one => one.GetProperty("itemIdentifier").GetString())];

    private async Task<byte[]> CallAsync(byte[] payload)
    {
        var function = Function();
        return await function.RunAsync(new Invocation("1", Noon.AddHours(1), payload), Ct);
    }

    private StreamFunction Function() => Function(table);

    private StreamFunction Function(FakeTable on)
    {
        trails.Add(FakeTrail.Open(on, OpenMode.CreateOrWrite, "function"));
        var (clock, log) = (new SetTime(Noon), new FunctionLog(told, new SetTime(Noon)));
        return new StreamFunction(new TrailOutlet(trails[^1], new IntakeRecorder(trails[^1], _ => TableRules.None, size => new byte[size]), clock, log), clock, log);
    }

    private async Task<List<AuditEntry>> EntriesAsync()
    {
        table.Calm();
        await using var trail = FakeTrail.Open(table, OpenMode.ReadOnly, "reader");
        return await trail.SearchAsync(new SearchFilter(), Ct).Select(found => found.Entry).ToListAsync(Ct);
    }
}
