using System.CommandLine;
using Afterimage.Hosting.Permissions;

namespace Afterimage.App.Commands;

/// <summary><c>iam [ROLE]</c>: the policies that what is configured takes.</summary>
internal static class IamCommand
{
    public static Command Make(Surroundings surroundings)
    {
        var role = new Argument<string?>("ROLE") { Description = "worker, lambda, reader, verifier, or the ARN of a role in tables[] (default all of them)", Arity = ArgumentArity.ZeroOrOne };
        var account = new Option<string?>("--account") { Description = "The account that tables and sinks are in (default any)", HelpName = "ID" };
        var function = new Option<string>("--function") { Description = "The Lambda function's name", HelpName = "NAME", DefaultValueFactory = _ => IamFunction.DefaultName };
        var onFailure = new Option<string?>("--on-failure") { Description = "The queue or topic where the function's event source mapping says what it gave up", HelpName = "ARN" };
        var command = Invocation.Verb("iam", "Prints the least that worker, function and readers must be allowed, as IAM policies", surroundings, async (parsed, call, _) =>
        {
            var place = AwsPlace.Of(call.Options, surroundings.Environment, parsed.GetValue(account));
            var roles = IamPolicies.Of(call.Options, place, new IamFunction(parsed.GetRequiredValue(function), parsed.GetValue(onFailure)));
            var text = parsed.GetValue(role) is not { } wanted ? IamPolicy.ToJson(roles)
                : roles.FirstOrDefault(one => one.Role == wanted)?.Policy.ToJson() ?? throw new UsageException(
                    $"With this configuration there is no role '{wanted}' that needs rights.",
                    roles.Count == 0 ? "Name tables in afterimage.json or AFTERIMAGE_TABLES, and a trail in DynamoDB with --trail dynamodb:TABLE." : $"These need some: {string.Join(", ", roles.Select(one => one.Role))}");
            await surroundings.Out.WriteLineAsync(text);
            return ExitCode.Done;
        });
        command.Add(role);
        command.Add(account);
        command.Add(function);
        command.Add(onFailure);
        return command;
    }
}
