namespace Afterimage.IntegrationTests.Permissions;

/// <summary>What <c>afterimage iam</c> prints is what the program asks of AWS: all of it, and nothing else.</summary>
public sealed class PrintedPoliciesTests(PolicedRun run) : IClassFixture<PolicedRun>
{
    // What Lambda itself does under the function's role: nothing here stands for Lambda.
    private static readonly string[] OfLambda = ["ReadStreams", "WriteLog", "SetAside"];

    [Theory]
    [InlineData("worker")]
    [InlineData("lambda")]
    [InlineData("reader")]
    [InlineData("verifier")]
    public async Task Each_role_does_its_work_under_its_policy_and_is_denied_something_once_any_one_rule_of_it_is_gone(string role)
    {
        var door = await run.DoorOfAsync(role);
        var policy = role == "lambda" ? door.Policy.Without(OfLambda) : door.Policy;

        door.Failures.ShouldBeEmpty();
        door.Asked.Where(right => !policy.Allows(right) && !policy.Hides(right)).ShouldBeEmpty();
        var allowed = door.Asked.Where(policy.Allows).ToList();
        policy.Rules.Where(rule => !rule.Denies).ShouldNotBeEmpty();
        policy.Rules.Where(rule => !rule.Denies && allowed.TrueForAll(policy.Without(rule).Allows)).ShouldBeEmpty("nobody asked for these");

        // moto says the same, who knows no conditions.
        (await run.MotoPermitsAsync(policy, allowed)).ShouldBeTrue();
        foreach (var rule in policy.Rules.Where(rule => !rule.Denies))
        {
            (await run.MotoPermitsAsync(policy.Without(rule), allowed)).ShouldBeFalse($"{rule.Action} on {rule.Resource}");
        }
    }

    [Fact]
    public async Task A_reader_is_kept_from_the_salts_in_every_way_in_which_it_may_read()
    {
        var policy = (await run.DoorOfAsync("reader")).Policy;
        var salts = (await run.DoorOfAsync("worker")).Asked.Where(right => right is { ContextKey: "dynamodb:LeadingKeys", ContextValue: { } key } && key.StartsWith("key ", StringComparison.Ordinal)).ToList();

        salts.ShouldNotBeEmpty();
        salts.Select(salt => salt.Resource).Distinct().ShouldHaveSingleItem();
        foreach (var rule in policy.Rules.Where(rule => rule.Denies))
        {
            var asked = salts[0] with { Action = rule.Action };
            policy.Allows(asked).ShouldBeFalse();
            policy.Without(rule).Allows(asked).ShouldBeTrue();
        }

        policy.Rules.Where(rule => rule.Denies).Select(rule => rule.Action).ShouldBe(policy.Rules.Where(rule => !rule.Denies && rule.Resource == salts[0].Resource).Select(rule => rule.Action));
    }
}
