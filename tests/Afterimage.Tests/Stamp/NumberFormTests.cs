using Afterimage.Stamp;

namespace Afterimage.Tests.Stamp;

public sealed class NumberFormTests
{
    [Theory]
    [InlineData("0", "0")]
    [InlineData("-0.00", "0")]
    [InlineData("+7", "7")]
    [InlineData("007.10", "7.1")]
    [InlineData("1e3", "1000")]
    [InlineData("-1.5E-3", "-0.0015")]
    [InlineData(".5", "0.5")]
    [InlineData("5.", "5")]
    [InlineData("0e200", "0")]
    [InlineData("12345678901234567890123456789012345678", "12345678901234567890123456789012345678")]
    [InlineData("123e-5", "0.00123")]
    public void A_number_is_written_plainly(string text, string plain) => NumberForm.Plain(text).ShouldBe(plain);

    [Fact]
    public void The_largest_and_the_smallest_numbers_are_written_plainly()
    {
        NumberForm.Plain("9.9E+125").ShouldBe("99" + new string('0', 124));
        NumberForm.Plain("1E-130").ShouldBe("0." + new string('0', 129) + "1");
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("-")]
    [InlineData("1e")]
    [InlineData("1 ")]
    [InlineData("1\n")]
    [InlineData("NaN")]
    [InlineData("1e999999999")]
    public void What_is_no_number_has_no_form(string text) => NumberForm.Plain(text).ShouldBeNull();
}
