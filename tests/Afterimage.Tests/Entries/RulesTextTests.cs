using Afterimage.Entries;

namespace Afterimage.Tests.Entries;

/// <summary>The rules that entries are read by, as the text that is hashed.</summary>
public sealed class RulesTextTests
{
    // The trails there are have noted it so.
    private const string Plain = """{"actor":null,"entity":null,"ignore":[],"redact":[],"service":null,"tenant":null}""";

    [Fact]
    public void Rules_without_a_name_for_stamps_have_the_text_that_older_trails_have_hashed()
    {
        RulesText.Of(TableRules.None).ShouldBe(Plain);
        RulesText.Read(Plain).Stamp.ShouldBe("_audit");
    }

    [Fact]
    public void A_name_for_stamps_is_part_of_the_rules()
    {
        var text = RulesText.Of(new TableRules { Service = "orders-api", Stamp = "wh\"o" });

        text.ShouldBe("""{"actor":null,"entity":null,"ignore":[],"redact":[],"service":"orders-api","stamp":"wh\"o","tenant":null}""");
        RulesText.Read(text).Stamp.ShouldBe("wh\"o");
        RulesText.Of(RulesText.Read(text)).ShouldBe(text);
    }

    [Fact]
    public void Rules_that_this_program_does_not_know_are_refused() =>
        Should.Throw<FormatException>(() => RulesText.Read(Plain.Replace("\"tenant\"", "\"tenant\":null,\"weather\"", StringComparison.Ordinal))).Message.ShouldContain("'weather'");
}
