namespace Afterimage.Tests.Tidy;

public sealed class TidyTests
{
    public static TheoryData<string, string, string> Plants { get; } = new(PlantedViolations.All);

    public static TheoryData<string, string> LookAlikes { get; } = new(PlantedViolations.LookAlikes);

    [Fact]
    public void The_repository_is_tidy()
    {
        var findings = Repository.Files.SelectMany(file => Rule.All.SelectMany(rule => rule.Check(file).Select(finding => $"{finding} ({rule})")));

        string.Join(Environment.NewLine, findings).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Plants))]
    public void A_planted_violation_is_found(string demand, string path, string text)
    {
        var rule = Rule.All.Single(rule => rule.Demand == demand);

        rule.Check(new SourceFile(path, text)).ShouldNotBeEmpty();
    }

    [Theory]
    [MemberData(nameof(LookAlikes))]
    public void What_only_looks_like_a_violation_is_none(string path, string text)
    {
        var file = new SourceFile(path, text);

        Rule.All.SelectMany(rule => rule.Check(file)).ShouldBeEmpty();
    }

    [Fact]
    public void Every_rule_has_been_seen_to_find_something() =>
        Rule.All.Select(rule => rule.Demand).Except(PlantedViolations.All.Select(plant => plant.Item1)).ShouldBeEmpty();

    [Fact]
    public void The_whole_repository_is_read()
    {
        var paths = Repository.Files.Select(file => file.Path).ToList();

        paths.ShouldContain(".editorconfig");
        paths.ShouldContain("src/Afterimage/AfterimageException.cs");
        paths.ShouldContain("src/Afterimage.App/Demo/npm/package-lock.json");
        paths.ShouldContain(path => path.EndsWith("Afterimage.Tests/Tidy/TidyTests.cs", StringComparison.Ordinal));
    }
}
