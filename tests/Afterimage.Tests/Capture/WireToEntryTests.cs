using Afterimage.Entries;
using Afterimage.Streams.Aws;
using Afterimage.Streams.Records;
using Afterimage.Tests.Streams;
using Afterimage.Tests.Support;

namespace Afterimage.Tests.Capture;

/// <summary>What only the real service sends, from the bytes of an answer to the entry. Each answer's source stands beside it, in Fixtures/README.md.</summary>
public sealed class WireToEntryTests
{
    [Fact]
    public void A_number_written_otherwise_is_no_change_and_both_texts_are_kept()
    {
        var entry = Entries("get-records-hostile.json")[0];

        (entry.OldImage!["price"].Text, entry.NewImage!["price"].Text).ShouldBe(("1", "1.0"));
        entry.Changes!.Select(change => change.Path).ShouldNotContain("/price");
    }

    [Fact]
    public void Numbers_of_38_digits_survive_to_the_digit()
    {
        var entry = EntryJson.Read(EntryJson.ToUtf8(Entries("get-records-hostile.json")[0]));

        entry.NewImage!["big"].Text.ShouldBe("12345678901234567890123456789012345678");
        entry.OldImage!["big"].Text.ShouldBe("-9.9999999999999999999999999999999999999E+125");
        entry.Changes!.Single(change => change.Path == "/big").Value!.Text.ShouldBe("12345678901234567890123456789012345678");
    }

    [Fact]
    public void Sequence_numbers_of_21_and_40_digits_order_as_integers()
    {
        var numbers = Entries("get-records-hostile.json").ConvertAll(entry => new SequenceNumber(entry.SequenceNumber!));

        numbers.ConvertAll(number => number.Text.Length).ShouldBe([21, 40]);
        (numbers[0] < numbers[1]).ShouldBeTrue();
    }

    [Theory]
    [InlineData("get-records-last-page-null.json")]
    [InlineData("get-records-last-page-absent.json")]
    public void Records_of_an_answer_without_a_next_iterator_become_entries(string fixture) => Entries(fixture).Count.ShouldBe(1);

    [Fact]
    public void Images_that_the_stream_does_not_carry_are_unknown_not_empty()
    {
        var entries = Entries("get-records-views.json").ToDictionary(entry => entry.Stream.View!);

        (entries["KEYS_ONLY"].OldImage, entries["KEYS_ONLY"].NewImage, entries["KEYS_ONLY"].Changes).ShouldBe((null, null, null));
        entries["NEW_IMAGE"].OldImage.ShouldBeNull();
        entries["NEW_IMAGE"].NewImage.ShouldNotBeNull();
        entries["OLD_IMAGE"].NewImage.ShouldBeNull();
        entries.Values.ShouldAllBe(entry => entry.Unreadable == null && entry.Keys!.Count > 0);
    }

    [Fact]
    public void Pain_25_an_expiry_is_named_in_either_spelling_of_the_identity() =>
        Entries("get-records-ttl.json").ShouldAllBe(entry => entry.Actor.Source == ActorSource.TimeToLive && entry.Stream.UserIdentity!.PrincipalId == "dynamodb.amazonaws.com");

    [Fact]
    public void No_record_of_any_fixture_is_unreadable()
    {
        string[] fixtures = ["get-records-example.json", "get-records-hostile.json", "get-records-views.json", "get-records-ttl.json"];

        fixtures.SelectMany(Entries).ShouldAllBe(entry => entry.Unreadable == null);
    }

    private static List<AuditEntry> Entries(string fixture) =>
        [.. StreamsAnswers.Records(Fixture.Bytes(fixture)).Records.Select((raw, index) => EntryMaker.Make(raw, FakeStream.Arn, new ShardId("shard"), index, TableRules.None, DateTimeOffset.UnixEpoch))];
}
