using System.Globalization;
using System.Numerics;
using Afterimage.Entries;
using Afterimage.Streams.Records;
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
    public void Key_digests_differ_by_table_type_value_and_number_of_parts()
    {
        var one = AttributeValue.String("1");
        byte[][] digests =
        [
            KeyDigest.Of("t", one, null),
            KeyDigest.Of("t", one, AttributeValue.String(string.Empty)),
            KeyDigest.Of("t", one, one),
            KeyDigest.Of("u", one, null),
            KeyDigest.Of("t", AttributeValue.Number("1"), null),
            KeyDigest.Of("t", AttributeValue.Binary("AAAA"), null),
            KeyDigest.Of("t", AttributeValue.String("AAAA"), null),
        ];

        digests.Select(Convert.ToHexString).ShouldBeUnique();
        KeyDigest.Of("t", AttributeValue.Number("100"), one).ShouldBe(KeyDigest.Of("t", AttributeValue.Number("1E+2"), one));
    }

    private static string Digits(Random random, int count) => string.Concat(Enumerable.Range(0, count).Select(_ => (char)('0' + random.Next(10))));

    private static BigInteger Value(string digits) => BigInteger.Parse(digits, CultureInfo.InvariantCulture);
}
