using Afterimage.Lambda;
using Afterimage.Tests.Support;

namespace Afterimage.Tests.Lambda;

/// <summary>What the function makes of its environment.</summary>
public sealed class FunctionStartTests : IAsyncDisposable
{
    private readonly StringWriter told = new();
    private readonly Dictionary<string, string> environment = new() { ["AWS_REGION"] = "eu-west-1" };
    private readonly FunctionStart start;

    public FunctionStartTests()
    {
        var time = new SetTime(new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero));
        start = new FunctionStart(environment.GetValueOrDefault, time, new Random(1), size => new byte[size], new FunctionLog(told, time));
    }

    [Fact]
    public async Task With_sinks_and_no_trail_it_starts_over_sinks_alone()
    {
        environment["AFTERIMAGE_TRAIL"] = string.Empty;
        environment["AFTERIMAGE_SINKS"] = "console:, sns:arn:aws:sns:eu-west-1:123456789012:audit.fifo";

        (await OpenAsync()).ShouldNotBeNull();
    }

    [Fact]
    public async Task With_neither_it_says_which_two_there_are()
    {
        var problem = (await Should.ThrowAsync<UsageException>(OpenAsync)).Problems.Single();

        problem.What.ShouldContain("sqlite:afterimage.db");
        problem.Hint.ShouldContain("dynamodb:TABLE");
        problem.Hint.ShouldContain("AFTERIMAGE_SINKS");
    }

    [Fact]
    public async Task A_trail_that_goes_with_the_function_is_refused_also_where_there_are_sinks()
    {
        environment["AFTERIMAGE_TRAIL"] = "sqlite:audit.db";
        environment["AFTERIMAGE_SINKS"] = "console:";

        (await Should.ThrowAsync<UsageException>(OpenAsync)).Message.ShouldContain("'sqlite:audit.db' is not a trail that a function can write to.");
    }

    [Fact]
    public async Task Sinks_that_go_with_the_function_have_no_secret_or_stand_there_twice_are_told_all_at_once()
    {
        environment["AFTERIMAGE_SINKS"] = "file:entries.jsonl, webhook:https://example.com/audit, console:, console:";

        var problems = (await Should.ThrowAsync<UsageException>(OpenAsync)).Problems;

        problems.Select(problem => problem.What).ShouldBe(
        [
            "The sink 'console:' stands there 2 times.",
            "What the sink 'file:entries.jsonl' writes goes with the function.",
            problems[2].What,
        ]);
        problems[2].What.ShouldContain("webhook");
        problems[1].Hint.ShouldContain("logs:GROUP");
    }

    public async ValueTask DisposeAsync()
    {
        await start.DisposeAsync();
        await told.DisposeAsync();
    }

    private Task<StreamFunction> OpenAsync() => start.OpenAsync(TestContext.Current.CancellationToken);
}
