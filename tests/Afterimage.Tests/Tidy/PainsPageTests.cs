using System.Globalization;

namespace Afterimage.Tests.Tidy;

/// <summary>docs/pains.md names tests: those that are there, and all of them.</summary>
public sealed class PainsPageTests
{
    // What of the known pains a reader of streams can spare its users.
    private static readonly int[] Numbers = [.. Enumerable.Range(1, 25)];

    private static readonly string Page = Repository.Files.Single(file => file.Path == "docs/pains.md").Text;

    private static readonly string[] Tests =
        [.. Repository.Files.Where(file => file.IsCodeIn("tests/")).SelectMany(file => SourceFile.Matches(file.Code, @"\b(void|Task)\s+(?<name>Pain_\d+_\w+)\(").Select(match => match.Groups["name"].Value))];

    [Fact]
    public void Each_pain_has_a_line_with_its_source_and_a_test_named_after_it()
    {
        var rows = Page.Split('\n').Where(line => SourceFile.Matches(line, @"^\| \d").Any()).Select(line => line.Split('|', StringSplitOptions.TrimEntries)).ToList();

        rows.Select(row => int.Parse(row[1], CultureInfo.InvariantCulture)).ShouldBe(Numbers);
        foreach (var row in rows)
        {
            row[2].ShouldNotBeEmpty();
            row[3].ShouldContain("#");
            row[4].ShouldContain($"`Pain_{row[1]}_");
        }
    }

    [Fact]
    public void Each_test_that_the_page_names_is_there() => Named().Except(Tests).ShouldBeEmpty();

    [Fact]
    public void Each_test_of_a_pain_of_the_page_is_named_there() =>
        Tests.Where(test => Numbers.Contains(int.Parse(test.Split('_')[1], CultureInfo.InvariantCulture))).Except(Named()).ShouldBeEmpty();

    private static IEnumerable<string> Named() => SourceFile.Matches(Page, @"`(?<name>Pain_\w+)`").Select(match => match.Groups["name"].Value);
}
