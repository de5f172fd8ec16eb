using Afterimage.Entries;

namespace Afterimage.Tests.Entries;

public sealed class NumberTextTests
{
    [Theory]
    [InlineData("1", "1.0")]
    [InlineData("1E+126", "1000E123")]
    [InlineData("-0", "0.000")]
    [InlineData("0.00123", "123e-5")]
    [InlineData("12345678901234567890123456789012345678", "12345678901234567890123456789012345678.0")]
    public void The_same_number_has_one_form(string one, string other) => NumberText.Normalize(one).ShouldBe(NumberText.Normalize(other));

    [Theory]
    [InlineData("12345678901234567890123456789012345678", "12345678901234567890123456789012345679")]
    [InlineData("1", "-1")]
    [InlineData("1E+2", "1E-2")]
    public void Different_numbers_have_different_forms(string one, string other) => NumberText.Normalize(one).ShouldNotBe(NumberText.Normalize(other));

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("1e")]
    [InlineData("NaN")]
    [InlineData("1 ")]
    [InlineData("١")]
    public void What_is_no_number_is_refused(string text) => Should.Throw<FormatException>(() => NumberText.Normalize(text));
}
