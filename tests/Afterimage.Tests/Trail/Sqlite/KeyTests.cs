using System.Globalization;
using System.Numerics;
using System.Text;
using Afterimage.Entries;
using Afterimage.Streams.Records;
using Afterimage.Tests.Contracts;
using Afterimage.Tests.Support;
using Afterimage.Trail.Sqlite;

namespace Afterimage.Tests.Trail.Sqlite;

public sealed class KeyTests
{
    [Fact]
    public void Sequence_keys_sort_as_the_numbers_do()
    {
        var random = new Random(1);
        string[] edges = ["0", "00", "255", "256", "65535", "65536", new string('9', 40)];
        var numbers = Enumerable.Range(0, 2_000).Select(_ => Digits(random, random.Next(1, 41))).Concat(edges).ToList();

        var byKey = numbers.OrderBy(number => Convert.ToHexString(SequenceKey.Of(new SequenceNumber(number))), StringComparer.Ordinal);

        byKey.Select(Value).ShouldBe(numbers.Select(Value).Order());
    }

    [Fact]
    public void Sequence_keys_are_equal_for_equal_numbers_and_lie_between_the_ends()
    {
        SequenceKey.Of(new SequenceNumber("007")).ShouldBe(SequenceKey.Of(new SequenceNumber("7")));
        var longest = SequenceKey.Of(new SequenceNumber(new string('9', 40)));
        longest.Length.ShouldBe(18);
        longest.AsSpan().SequenceCompareTo(SequenceKey.Beyond).ShouldBeLessThan(0);
        SequenceKey.Of(new SequenceNumber("0")).AsSpan().SequenceCompareTo(SequenceKey.None).ShouldBeGreaterThan(0);
    }

    [Fact]
    public void Lookup_keys_differ_by_stream_attribute_type_value_and_number_of_parts()
    {
        var one = AttributeValue.String("1");
        long[] keys =
        [
            LookupKey.Of(Shop.Stream, Key(one)),
            LookupKey.Of(Shop.Stream, new([new("a", one), new("b", AttributeValue.String(string.Empty))])),
            LookupKey.Of(Shop.Stream, new([new("a", one), new("b", one)])),
            LookupKey.Of(Shop.Stream, new([new("b", one)])),
            LookupKey.Of(Shop.StreamOf("Orders", "2026-11-22T00:00:00.000"), Key(one)),
            LookupKey.Of(Shop.Stream, Key(AttributeValue.Number("1"))),
            LookupKey.Of(Shop.Stream, Key(AttributeValue.Binary("AAAA"))),
            LookupKey.Of(Shop.Stream, Key(AttributeValue.String("AAAA"))),
        ];

        keys.ShouldBeUnique();
        LookupKey.Of(Shop.Stream, Key(AttributeValue.Number("100"))).ShouldBe(LookupKey.Of(Shop.Stream, Key(AttributeValue.Number("1E+2"))));
    }

    [Fact]
    public void An_entry_is_looked_up_by_its_whole_key_and_its_partition_key()
    {
        var key = Items.Item("""{"a\u0001": {"S": "é\""}, "b": {"N": "1.0"}}""");
        var (whole, first, second) = (LookupKey.Of(Shop.Stream, key), LookupKey.Of(Shop.Stream, new(key.Take(1))), LookupKey.Of(Shop.Stream, new(key.Skip(1))));
        var text = Encoding.UTF8.GetBytes(CanonicalText.Of(key));

        All(text, "b").ShouldBe([whole, second]);
        All(text, null).ShouldBe([whole, first, second]);
        All(text, "another table's").ShouldBe([whole, first, second]);
        All(Encoding.UTF8.GetBytes(CanonicalText.Of(new AttributeMap(key.Take(1)))), null).ShouldBe([first]);
        All([], "b").ShouldBeEmpty();
    }

    private static long[] All(byte[] keys, string? partitionKey)
    {
        var found = new long[LookupKey.KeysMax];
        return found[..new LookupKey(Shop.Stream).Read(keys, partitionKey, found)];
    }

    private static AttributeMap Key(AttributeValue value) => new([new("a", value)]);

    private static string Digits(Random random, int count) => string.Concat(Enumerable.Range(0, count).Select(_ => (char)('0' + random.Next(10))));

    private static BigInteger Value(string digits) => BigInteger.Parse(digits, CultureInfo.InvariantCulture);
}
