using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Afterimage.Entries;
using Afterimage.Relay;
using Afterimage.Tests.Support;
using static Afterimage.Tests.Support.Items;

namespace Afterimage.Tests.Relay;

public sealed class EntryFitTests
{
    private const int Queue = 256 * 1024;

    private static readonly JsonSerializerOptions Deep = new() { MaxDepth = 512 };

    private static readonly AuditEntry Small = SampleEntries.Modify("""{"id":{"S":"1"},"a":{"N":"1"}}""", """{"id":{"S":"1"},"a":{"N":"2"}}""");

    [Fact]
    public void An_entry_that_fits_stays_to_the_byte()
    {
        var text = EntryFit.Of(Small, Queue);

        text.ShouldBe(EntryJson.ToUtf8(Small));
        EntryFit.IsWhole(text).ShouldBeTrue();
    }

    [Theory]
    [InlineData(300_000)]
    [InlineData(800_000)]
    public void Pain_23_an_entry_that_is_too_long_goes_compressed_and_can_be_read_back_whole(int bytes)
    {
        var entry = Entry(new string('x', bytes / 2), new string('y', bytes / 2));

        var text = EntryFit.Of(entry, Queue);

        text.Length.ShouldBeLessThan(Queue);
        var json = Leading(text, entry);
        json.GetProperty("oldImage").ValueKind.ShouldBe(JsonValueKind.Null);
        json.GetProperty("changes").ValueKind.ShouldBe(JsonValueKind.Null);
        EntryJson.ToUtf8(EntryJson.Read(Unzip(json.GetProperty("compressed").GetBytesFromBase64()))).ShouldBe(EntryJson.ToUtf8(entry));
    }

    [Theory]
    [InlineData(300_000)]
    [InlineData(800_000)]
    public void What_does_not_compress_either_loses_its_images_and_says_so(int bytes)
    {
        var entry = Entry(Noise(bytes / 2, 1), Noise(bytes / 2, 2));

        var json = Leading(EntryFit.Of(entry, Queue), entry);

        json.TryGetProperty("compressed", out _).ShouldBeFalse();
        Trimmed(json).ShouldBe(["oldImage", "newImage", "changes"]);
    }

    [Fact]
    public void Changes_stay_where_they_fit_beside_images_that_do_not()
    {
        var noise = Noise(150_000, 1);
        var entry = SampleEntries.Of(
            Item($$$"""{"id":{"S":"1"},"big":{"S":"{{{noise}}}"},"a":{"N":"1"}}"""), Item($$$"""{"id":{"S":"1"},"big":{"S":"{{{noise}}}"},"other":{"S":"{{{Noise(150_000, 3)}}}"}}"""), "49600000000000000005", 41);

        var json = Leading(EntryFit.Of(entry, Queue), entry);

        Trimmed(json).ShouldBe(["oldImage", "newImage"]);
        json.GetProperty("changes").GetArrayLength().ShouldBe(2);
    }

    [Fact]
    public void A_record_that_could_not_be_read_loses_its_bytes()
    {
        var raw = new byte[600_000];
        new Random(5).NextBytes(raw);
        var entry = Small with { Keys = null, OldImage = null, NewImage = null, Changes = null, Action = null, SequenceNumber = null, Unreadable = new Unreadable(raw, "no JSON") };

        var json = Leading(EntryFit.Of(entry, Queue), entry);

        Trimmed(json).ShouldBe(["unreadable.raw"]);
        json.GetProperty("unreadable").GetProperty("reason").GetString().ShouldBe("no JSON");
    }

    [Fact]
    public void An_actor_as_long_as_an_item_is_left_out_but_how_it_is_known_stays()
    {
        var entry = Small with { Actor = new Actor(ActorSource.Attribute, Noise(300_000, 4)), Tenant = Noise(100, 5) };

        var json = Leading(EntryFit.Of(entry, Queue), entry);

        Trimmed(json).ShouldBe(["oldImage", "newImage", "changes", "tenant", "actor"]);
        json.GetProperty("actor").GetProperty("source").GetString().ShouldBe("attribute");
    }

    [Fact]
    public void Any_entry_fits_any_limit_that_there_is_and_is_told_from_a_whole_one() => Property.Holds(60, (items, size) =>
    {
        var (old, @new) = (items.Item(size), items.Item(size));
        var padding = Noise(size * 20_000, size);
        var entry = SampleEntries.Of(
            new AttributeMap([.. old, new("zz padding", AttributeValue.String(padding))]), @new, "49600000000000000005", 41);
        foreach (var limit in (int[])[EntryFit.BytesMin, 200_000, Queue, 1_000_000])
        {
            var text = EntryFit.Of(entry, limit);

            text.Length.ShouldBeLessThanOrEqualTo(limit);
            text.AsSpan().IndexOf((byte)'\n').ShouldBe(-1);
            Leading(text, entry);
            EntryFit.IsWhole(text).ShouldBe(EntryJson.ToUtf8(entry).Length <= limit);
        }
    });

    [Fact]
    public void A_member_more_stands_at_the_end() =>
        JsonSerializer.Deserialize<JsonElement>(EntryFit.With(EntryFit.Of(Small, Queue), "\"sentLate\":1")).GetProperty("sentLate").GetInt32().ShouldBe(1);

    private static AuditEntry Entry(string old, string @new) =>
        SampleEntries.Modify($$$"""{"id":{"S":"1"},"text":{"S":"{{{old}}}"}}""", $$$"""{"id":{"S":"1"},"text":{"S":"{{{@new}}}"}}""");

    // What a filter needs is in every form.
    private static JsonElement Leading(byte[] text, AuditEntry entry)
    {
        var json = JsonSerializer.Deserialize<JsonElement>(text, Deep);
        json.GetProperty("id").GetString().ShouldBe(entry.Id.Value);
        json.GetProperty("table").GetString().ShouldBe(entry.Table);
        json.GetProperty("keys").ValueKind.ShouldBe(entry.Keys is null ? JsonValueKind.Null : JsonValueKind.Object);
        return json;
    }

    private static IEnumerable<string> Trimmed(JsonElement json) => json.GetProperty("trimmed").EnumerateArray().Select(name => name.GetString()!);

    private static string Noise(int length, int seed)
    {
        const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        var random = new Random(seed);
        var text = new StringBuilder(length);
        while (text.Length < length)
        {
            text.Append(Letters[random.Next(Letters.Length)]);
        }

        return text.ToString();
    }

    private static byte[] Unzip(byte[] packed)
    {
        using var gzip = new GZipStream(new MemoryStream(packed), CompressionMode.Decompress);
        using var whole = new MemoryStream();
        gzip.CopyTo(whole);
        return whole.ToArray();
    }
}
