using Afterimage.Proof;

namespace Afterimage.Tests.Proof;

public sealed class NameOrderTests
{
    // Every class of character that escapes, surrogates or lengths set apart, alone and behind and before others.
    private static readonly string[] Pieces =
    [
        "", "\0", "\u0001", "\b", "\t", "\n", "\u000b", "\f", "\r", "\u000e", "\u001f", " ", "!", "\"", "#", "0", "A", "[", "\\", "]", "b", "n", "u", "u0001", "~", "\u007f",
        "\u0080", "é", "e\u0301", "\u07ff", "\u0800", "\u2028", "\ud7ff", "\ue000", "\uffff", "\U00010000", "😀", "😁", "\U0010ffff",
    ];

    [Fact]
    public void Canonical_names_are_ordered_as_their_code_units()
    {
        var names = Pieces.Concat(Pieces.SelectMany(first => Pieces.Select(second => first + second))).Distinct().ToList();
        var texts = names.ConvertAll(CommittedVector.Name);

        for (var left = 0; left < names.Count; left++)
        {
            for (var right = 0; right < names.Count; right++)
            {
                var order = Math.Sign(NameOrder.Compare(texts[left], texts[right]));
                if (order != Math.Sign(string.CompareOrdinal(names[left], names[right])))
                {
                    Assert.Fail($"{CodeUnits(names[left])} against {CodeUnits(names[right])} gave {order}");
                }
            }
        }
    }

    [Fact]
    public void Long_names_too()
    {
        var random = new Random(20261122);
        for (var attempt = 0; attempt < 20_000; attempt++)
        {
            var shared = Name(random);
            var (left, right) = (shared + Name(random), shared + Name(random));

            Math.Sign(NameOrder.Compare(CommittedVector.Name(left), CommittedVector.Name(right))).ShouldBe(Math.Sign(string.CompareOrdinal(left, right)));
        }
    }

    private static string Name(Random random) => string.Concat(random.GetItems(Pieces, random.Next(8)));

    private static string CodeUnits(string text) => string.Join(' ', text.Select(unit => $"{(int)unit:X4}"));
}
