using System.Text;
using Afterimage.Proof;

namespace Afterimage.Tests.Proof;

public sealed class CheckpointTests
{
    private const string Text = "audit.example.com/orders\n9\nJXuwG8wdKykCirMJm3BVtpIY72KI81mepVOK5KTayF4=\n";

    [Fact]
    public void A_checkpoint_is_three_lines_and_read_back_as_it_was_written()
    {
        var checkpoint = Checkpoint.Read(Encoding.UTF8.GetBytes(Text));

        (checkpoint.Origin, checkpoint.Size, checkpoint.Root.ToBase64()).ShouldBe(("audit.example.com/orders", 9, "JXuwG8wdKykCirMJm3BVtpIY72KI81mepVOK5KTayF4="));
        Encoding.UTF8.GetString(checkpoint.ToText()).ShouldBe(Text);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("9007199254740991")]
    public void A_log_has_from_no_leaf_to_as_many_as_JSON_can_count(string size) =>
        Encoding.UTF8.GetString(Checkpoint.Read(Encoding.UTF8.GetBytes(Text.Replace("\n9\n", $"\n{size}\n", StringComparison.Ordinal))).ToText()).ShouldContain($"\n{size}\n");

    [Theory]
    [InlineData("")]
    [InlineData("09")]
    [InlineData("+9")]
    [InlineData("-9")]
    [InlineData(" 9")]
    [InlineData("9 ")]
    [InlineData("9.0")]
    [InlineData("9\r")]
    [InlineData("0x9")]
    [InlineData("1,000")]
    [InlineData("٩")]
    [InlineData("9007199254740992")]
    [InlineData("99999999999999999999999")]
    public void A_size_that_is_written_in_another_way_is_refused(string size) => Refused(Text.Replace("\n9\n", $"\n{size}\n", StringComparison.Ordinal));

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("\n\n\n")]
    [InlineData("audit.example.com/orders\n9\n")]
    [InlineData("audit.example.com/orders\n9\nJXuwG8wdKykCirMJm3BVtpIY72KI81mepVOK5KTayF4=")]
    [InlineData("audit.example.com/orders\n9\nJXuwG8wdKykCirMJm3BVtpIY72KI81mepVOK5KTayF4=\n\n")]
    [InlineData("audit.example.com/orders\n9\nJXuwG8wdKykCirMJm3BVtpIY72KI81mepVOK5KTayF4=\nextension\n")]
    [InlineData("\n9\nJXuwG8wdKykCirMJm3BVtpIY72KI81mepVOK5KTayF4=\n")]
    [InlineData("audit.example.com/orders\n9\nJXuwG8wdKykCirMJm3BVtpIY72KI81mepVOK5KTayF5=\n")]
    [InlineData("audit.example.com/orders\n9\nJXuwG8wdKykCirMJm3BVtpIY72KI81mepVOK5KTayA==\n")]
    [InlineData("audit.example.com/orders\n9\n257bb01bcc1d2b29028ab3099b7055b69218ef6288f3599ea5538ae4a4dac85e\n")]
    public void What_is_no_checkpoint_is_refused(string text) => Refused(text);

    [Fact]
    public void A_checkpoint_is_UTF8() => Should.Throw<FormatException>(() => Checkpoint.Read([0xFF, .. Encoding.UTF8.GetBytes(Text)]));

    private static void Refused(string text) => Should.Throw<FormatException>(() => Checkpoint.Read(Encoding.UTF8.GetBytes(text)));
}
