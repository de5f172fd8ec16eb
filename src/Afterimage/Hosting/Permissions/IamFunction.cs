namespace Afterimage.Hosting.Permissions;

/// <summary>The Lambda function, as far as its role must know it.</summary>
/// <param name="Name">Its name, which its log group has too.</param>
/// <param name="OnFailure">The ARN of the queue or topic where the event source mapping says what it gave up; null where there is none.</param>
public sealed record IamFunction(string Name, string? OnFailure)
{
    /// <summary>What the function's name is where nobody said it.</summary>
    public const string DefaultName = "afterimage";

    /// <summary>What Lambda does in the function's name.</summary>
    /// <exception cref="UsageException">The mapping cannot write to such a place.</exception>
    internal IEnumerable<IamStatement> Rights(AwsPlace place)
    {
        // What a group holds is named with a colon and a star behind the group's ARN (CloudWatch Logs user guide, resources).
        yield return new("WriteLog", ["logs:CreateLogStream", "logs:PutLogEvents"], [place.Arn("logs", $"log-group:/aws/lambda/{Name}:*")]);
        if (OnFailure is { } arn)
        {
            yield return new("SetAside", [arn.Split(':', 6) switch
            {
                ["arn", _, "sqs", _, _, _] => "sqs:SendMessage",
                ["arn", _, "sns", _, _, _] => "sns:Publish",
                _ => throw new UsageException($"'{arn}' is not the ARN of a queue or a topic.", "Write it as arn:aws:sqs:eu-west-1:123456789012:afterimage-dead-letters."),
            }], [arn]);
        }
    }
}
