using System.Globalization;
using System.Text;
using System.Text.Json;
using Afterimage.Capture;
using Afterimage.Entries;
using Afterimage.Proof;
using Afterimage.Streams.Records;
using Afterimage.Tests.Proof;
using Afterimage.Tests.Support;
using Afterimage.Trail;
using Afterimage.Trail.Bodies;

namespace Afterimage.Tests.Capture;

/// <summary>What is kept of a record: it must give back the entry, and every digest that its leaf stands for.</summary>
public sealed class EntryCommitterTests
{
    private const int Index = 7;
    private const string Item = """{"id":{"S":"1"},"secret":{"S":"s3cret"},"card":{"M":{"number":{"S":"4111"},"name":{"S":"Alice"}}}}""";
    private static readonly ShardId Shard = new("shardId-1");
    private static readonly DateTimeOffset Before = DateTimeOffset.FromUnixTimeSeconds(1_795_300_000);

    private static readonly TableRules Full = new()
    {
        Service = "orders",
        Actor = AttributePath.Parse("/a"),
        Entity = AttributePath.Parse("/status"),
        Tenant = AttributePath.Parse("/b/0"),
        Ignore = [AttributePath.Parse("/~0"), AttributePath.Parse("/N/x")],
    };

    private static readonly TableRules Redacting = Full with { Redact = [AttributePath.Parse("/secret"), AttributePath.Parse("/card/number"), AttributePath.Parse("/a")] };

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Random_and_damaged_records_come_back_as_the_entries_they_are_and_prove_their_leaves(int which)
    {
        var rules = new[] { TableRules.None, Full, Redacting }[which];
        var count = int.Parse(Environment.GetEnvironmentVariable("AFTERIMAGE_RANDOM_RECORDS") ?? "6000", CultureInfo.InvariantCulture) / 3;
        var random = new Random(20261122 + which);
        var records = new RandomRecords(random);
        using var committer = Committer(rules);
        using var oracle = Committer(rules);
        var text = new EntryText(FakeStream.Arn, Shard, rules);
        var changes = 0;
        for (var number = 0; number < count; number++)
        {
            var record = records.Record();
            record = number % 4 == 3 ? records.Damaged(record) : record;

            var leaf = committer.Commit(record, Index, Before);

            var expected = EntryMaker.Make(record, FakeStream.Arn, Shard, Index, rules, Before);
            Encoding.UTF8.GetString(text.Json(Index, leaf.Text, leaf.Entry!.Body).Span).ShouldBe(EntryJson.ToText(expected), Encoding.UTF8.GetString(record));
            IsFoundBy(leaf.Entry, expected);
            if (expected.Unreadable is null)
            {
                changes++;
                IsProven(leaf);
                IsTheSame(leaf, oracle.OfValues(RecordValues.Read(record), Index));
            }
        }

        changes.ShouldBeGreaterThan(count / 2);
    }

    [Fact]
    public void The_vectors_of_the_format_come_out_of_records()
    {
        foreach (var vector in Vectors.All)
        {
            using var committer = new EntryCommitter(new StreamArn(Vectors.Stream), Shard, TableRules.None, Vectors.ShardKey);

            var leaf = committer.Commit(Encoding.UTF8.GetBytes(RecordOf(vector)), vector.Header.Index, Before);

            Encoding.UTF8.GetString(leaf.Text.Span).ShouldBe(vector.Leaf, vector.Name);
            leaf.Hash.ToString().ShouldBe(vector.LeafHash);
        }
    }

    [Fact]
    public void A_redacted_value_is_nowhere_in_what_is_kept_and_the_rest_is_proven()
    {
        using var committer = Committer(Redacting);

        var leaf = committer.Commit(Change(Item, Item.Replace("s3cret", "other", StringComparison.Ordinal).Replace("4111", "4222", StringComparison.Ordinal)), Index, Before);

        var kept = Encoding.UTF8.GetString(leaf.Entry!.Body.Span);
        kept.ShouldNotContain("s3cret");
        kept.ShouldNotContain("other");
        kept.ShouldNotContain("4111");
        kept.ShouldNotContain("4222");
        kept.ShouldContain("Alice");
        IsProven(leaf);
        var entry = EntryJson.Read(new EntryText(FakeStream.Arn, Shard, Redacting).Json(Index, leaf.Text, leaf.Entry.Body));
        entry.Changes!.Select(change => change.Path).ShouldBe(["/card/number", "/secret"]);
        StoredBody.Read(leaf.Entry.Body).Secret.Length.ShouldBe(0);
    }

    [Fact]
    public void A_table_with_redacted_places_keeps_what_has_none_whole()
    {
        using var committer = Committer(Redacting);

        var leaf = committer.Commit(Change("""{"id":{"S":"1"}}""", """{"id":{"S":"1"},"n":{"N":"1"}}"""), Index, Before);

        StoredBody.Read(leaf.Entry!.Body).Form.ShouldBe(BodyForm.Whole);
    }

    [Fact]
    public void A_key_that_is_another_in_an_image_makes_the_record_unreadable()
    {
        using var committer = Committer(TableRules.None);

        var leaf = committer.Commit(Change("""{"id":{"S":"1"}}""", """{"id":{"S":"2"}}"""), Index, Before);

        var entry = EntryJson.Read(new EntryText(FakeStream.Arn, Shard, TableRules.None).Json(Index, leaf.Text, leaf.Entry!.Body));
        entry.Unreadable.ShouldNotBeNull().Reason.ShouldContain("'id' of the key is another in an image");
    }

    [Fact]
    public void Of_an_unreadable_record_the_leaf_has_the_hash_of_every_byte()
    {
        using var committer = Committer(TableRules.None);

        var leaf = committer.Commit("rubbish"u8.ToArray(), Index, Before);

        using var text = JsonDocument.Parse(leaf.Text);
        text.RootElement.GetProperty("t").GetString().ShouldBe("raw");
        text.RootElement.GetProperty("sha256").GetString().ShouldBe(Sha256Hash.Of("rubbish"u8).ToBase64());
        leaf.Entry!.Time.ShouldBe(Before);
    }

    [Fact]
    public void A_change_from_before_1970_has_no_leaf_of_a_change_and_is_kept_raw()
    {
        using var committer = Committer(TableRules.None);
        var record = Encoding.UTF8.GetString(Change(Item, Item)).Replace("1795302519", "-1", StringComparison.Ordinal);

        var leaf = committer.Commit(Encoding.UTF8.GetBytes(record), Index, Before);

        leaf.Entry!.Action.ShouldBeNull();
    }

    private static EntryCommitter Committer(TableRules rules) => new(FakeStream.Arn, Shard, rules, Vectors.ShardKey);

    private static byte[] Change(string old, string @new) => Encoding.UTF8.GetBytes(
        $$$"""{"eventID":"e","eventName":"MODIFY","dynamodb":{"ApproximateCreationDateTime":1795302519,"Keys":{"id":{"S":"1"}},"OldImage":{{{old}}},"NewImage":{{{@new}}},"SequenceNumber":"5","StreamViewType":"NEW_AND_OLD_IMAGES"}}""");

    private static string RecordOf(Vector vector)
    {
        using var envelope = JsonDocument.Parse(vector.Header.Envelope);
        var fields = envelope.RootElement;
        var images = (vector.OldImage is { } old ? $",\"OldImage\":{old}" : string.Empty) + (vector.NewImage is { } @new ? $",\"NewImage\":{@new}" : string.Empty);
        return $$"""{"eventID":{{Field("eventId")}},"eventVersion":{{Field("eventVersion")}},"awsRegion":{{Field("region")}},"userIdentity":{{Field("userIdentity")}},"eventName":"{{vector.Header.Op}}","""
            + $$$"""
              "dynamodb":{"ApproximateCreationDateTime":{{{vector.Header.At}}},"SequenceNumber":"{{{vector.Header.Seq}}}","SizeBytes":{{{Field("sizeBytes")}}},"StreamViewType":{{{Field("view")}}},"Keys":{{{vector.Keys}}}{{{images}}}} }
              """;

        string Field(string name) => fields.TryGetProperty(name, out var value) ? value.GetRawText() : "null";
    }

    private static void IsFoundBy(CommittedEntry entry, AuditEntry expected)
    {
        entry.Id.ShouldBe(expected.Id);
        (entry.Time, entry.Action, entry.IsAttributed).ShouldBe((expected.Time, expected.Action, expected.Actor.Source != ActorSource.Unknown));
        (entry.Entity, entry.Tenant, entry.Actor, entry.SequenceNumber?.Text).ShouldBe((expected.Entity, expected.Tenant, expected.Actor.Id, expected.SequenceNumber));
        Encoding.UTF8.GetString(entry.Keys.Span).ShouldBe(expected.Keys is null ? string.Empty : CanonicalText.Of(expected.Keys));
    }

    private static void IsTheSame(TrailLeaf leaf, TrailLeaf other)
    {
        Encoding.UTF8.GetString(leaf.Text.Span).ShouldBe(Encoding.UTF8.GetString(other.Text.Span));
        leaf.Hash.ShouldBe(other.Hash);
        leaf.Entry!.Body.Span.SequenceEqual(other.Entry!.Body.Span).ShouldBeTrue();
    }

    // As anybody would who has the leaf and what is kept beside it, and nothing else.
    private static void IsProven(TrailLeaf leaf)
    {
        using var header = JsonDocument.Parse(leaf.Text);
        header.RootElement.GetProperty("item").GetString().ShouldBe(KeptDisclosures.Item(leaf.Entry!.Body).ToBase64());
        MerkleTree.Leaf(leaf.Text.Span).ShouldBe(leaf.Hash);
    }
}
