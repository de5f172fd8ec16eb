using Afterimage.Stamp;

namespace Afterimage.Tests.Stamp;

public sealed class ExpressionsTests
{
    [Theory]
    [InlineData(null, "SET #s = :s")]
    [InlineData("SET a = :a", "SET #s = :s, a = :a")]
    [InlineData("set a = :a REMOVE b", "set #s = :s, a = :a REMOVE b")]
    [InlineData("REMOVE b\nSET a = :a", "REMOVE b\nSET #s = :s, a = :a")]
    [InlineData("REMOVE b", "REMOVE b SET #s = :s")]
    [InlineData("ADD #set :set", "ADD #set :set SET #s = :s")]
    [InlineData("ADD a.set :x", "ADD a.set :x SET #s = :s")]
    [InlineData("REMOVE #my-set", "REMOVE #my-set SET #s = :s")]
    [InlineData("REMOVE settings, setting", "REMOVE settings, setting SET #s = :s")]
    public void An_assignment_is_added_where_the_assignments_are(string? update, string with) =>
        Expressions.WithAssignment(update, "#s = :s").ShouldBe(with);

    [Theory]
    [InlineData("SET _audit = :a", true)]
    [InlineData("SET b = _audit.actor", true)]
    [InlineData("REMOVE #a", true)]
    [InlineData("REMOVE b, #a.actor", true)]
    [InlineData("SET b._audit = :a", false)]
    [InlineData("SET b.#a = :a", false)]
    [InlineData("SET b = :_audit", false)]
    [InlineData("SET _audits = :a, my_audit = :b", false)]
    [InlineData("SET #_audit = :a", false)]
    public void An_expression_that_names_the_stamp_is_found(string update, bool names) =>
        Expressions.Names(update, new Dictionary<string, string>(StringComparer.Ordinal) { ["#a"] = "_audit", ["#_audit"] = "b" }, "_audit").ShouldBe(names);

    [Fact]
    public void Placeholders_clash_with_none_of_the_callers() =>
        Expressions.FreeStem(["SET #afterimage0 = :x", null, "#afterimage1", ":afterimage22"]).ShouldBe("afterimage3");
}
