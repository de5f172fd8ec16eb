using Afterimage.Query;
using Afterimage.Tests.Support;

namespace Afterimage.Tests.Query;

public sealed class TimeTextTests
{
    private static readonly LeapingTime Time = new(new DateTimeOffset(2026, 11, 21, 20, 0, 0, TimeSpan.Zero));

    [Theory]
    [InlineData("2026-11-21", "2026-11-21T00:00:00Z")]
    [InlineData("2026-11-21T20:11:12Z", "2026-11-21T20:11:12Z")]
    [InlineData("2026-11-21T22:11:12+02:00", "2026-11-21T20:11:12Z")]
    [InlineData("2026-11-21 20:11", "2026-11-21T20:11:00Z")]
    [InlineData("2h", "2026-11-21T18:00:00Z")]
    [InlineData("7d", "2026-11-14T20:00:00Z")]
    public void Moments_are_dates_times_or_how_long_ago(string text, string expected) =>
        TimeText.Parse("--since", text, Time).ToUniversalTime().ShouldBe(DateTimeOffset.Parse(expected));

    [Fact]
    public void What_is_no_moment_is_refused_by_the_name_of_its_option() =>
        Should.Throw<UsageException>(() => TimeText.Parse("--since", "yesterday-ish", Time)).Message.ShouldContain("--since");
}
