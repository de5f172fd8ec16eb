namespace Afterimage.Relay.Sinks;

/// <summary>What SNS and SQS say of one message of a batch that they did not take.</summary>
/// <param name="Id">Its place in the batch.</param>
/// <param name="Code">The error's name.</param>
/// <param name="Text">What is wrong.</param>
/// <param name="IsSendersFault">Whether the message is to blame.</param>
internal sealed record BatchFailure(string Id, string Code, string? Text, bool IsSendersFault);

/// <summary>The answer of SNS and SQS to a batch: the ids that were taken, and those that were not.</summary>
internal sealed record BatchResult(IReadOnlyCollection<string> Taken, IReadOnlyList<BatchFailure> Failed)
{
    // The sender's faults that are not the message's: the right to send, or the target's key.
    private static readonly string[] NotOfTheMessage = ["AccessDenied", "AccessDeniedException", "AuthorizationError", "NotFound", "OverLimit", "RequestThrottled", "Throttled", "ThrottlingException"];

    /// <summary>What became of each message.</summary>
    public IReadOnlyList<Delivery> Deliveries(int count) => [.. Enumerable.Range(0, count).Select(at => Of($"{at}"))];

    private Delivery Of(string id)
    {
        if (Failed.FirstOrDefault(failure => failure.Id == id) is { } failure)
        {
            var reason = $"{failure.Code}: {failure.Text}";
            return !failure.IsSendersFault || NotOfTheMessage.Contains(failure.Code) || failure.Code.Contains("KMS", StringComparison.OrdinalIgnoreCase)
                ? Delivery.Busy(reason)
                : Delivery.Refused(reason);
        }

        // What is not said to have been taken was not.
        return Taken.Contains(id) ? Delivery.Done : Delivery.Busy("The answer does not say what became of it.");
    }
}
