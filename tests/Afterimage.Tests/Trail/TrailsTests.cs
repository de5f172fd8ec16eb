using Afterimage.Trail;

namespace Afterimage.Tests.Trail;

public sealed class TrailsTests : Sqlite.SqliteFiles
{
    [Theory]
    [InlineData("sqlite:")]
    [InlineData("SQLite:")]
    public async Task A_sqlite_address_opens_the_file_at_its_path(string kind)
    {
        await using var trail = await Trails.OpenFileAsync($"{kind}{TrailPath}", OpenMode.CreateOrWrite, Ct);

        trail.Uri.ShouldBe($"{kind}{TrailPath}");
        File.Exists(TrailPath).ShouldBeTrue();
    }

    [Theory]
    [InlineData("")]
    [InlineData("trail.db")]
    [InlineData("postgres:trail")]
    public async Task Any_other_address_is_refused_with_those_there_are(string uri) =>
        (await Should.ThrowAsync<UsageException>(() => Trails.OpenFileAsync(uri, OpenMode.ReadOnly, Ct))).Problems.Single().Hint.ShouldContain("sqlite:PATH");
}
