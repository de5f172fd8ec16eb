using System.Text;
using Afterimage.Verifying;

namespace Afterimage.Tests.Verifying;

/// <summary>The quick way to an envelope's view takes what is written in the one way, and leaves everything else to a reader of JSON.</summary>
public sealed class EnvelopeScanTests
{
    private const string Plain = """{"eventId":"e1","eventVersion":"1.1","region":"eu-west-1","sizeBytes":120,"view":"NEW_IMAGE"}""";

    [Fact]
    public void An_envelope_with_every_member_tells_its_view()
    {
        EnvelopeScan.TryView(Encoding.UTF8.GetBytes(Plain), out var view).ShouldBeTrue();
        Encoding.UTF8.GetString(view).ShouldBe("NEW_IMAGE");
    }

    [Theory]
    [InlineData("\"e1\"", "\"e\\\"1\"")]
    [InlineData("\"e1\"", "\"é\"")]
    [InlineData("\"e1\"", "null")]
    [InlineData("\"eventVersion\":\"1.1\",", "")]
    [InlineData("120", "0120")]
    [InlineData("120", "-120")]
    [InlineData("120", "+120")]
    [InlineData("120", "120.5")]
    [InlineData("120", "99999999999999999999")]
    [InlineData(",\"view\"", ",\"userIdentity\":{\"type\":\"Service\"},\"view\"")]
    [InlineData(",\"view\"", ", \"view\"")]
    [InlineData("NEW_IMAGE\"}", "NEW_IMAGE\"} ")]
    [InlineData("NEW_IMAGE\"}", "NEW_IMAGE\"")]
    [InlineData("NEW_IMAGE\"}", "NEW_IMAGE")]
    [InlineData("NEW_IMAGE\"}", "NEW_IMAGE\",\"view\":\"KEYS_ONLY\"}")]
    public void An_envelope_that_is_otherwise_is_left_to_a_reader_of_JSON(string part, string other) =>
        EnvelopeScan.TryView(Encoding.UTF8.GetBytes(Plain.Replace(part, other, StringComparison.Ordinal)), out _).ShouldBeFalse();
}
