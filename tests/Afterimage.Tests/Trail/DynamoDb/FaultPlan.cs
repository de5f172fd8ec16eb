using Afterimage.Streams.Aws;
using Afterimage.Tests.Support;

namespace Afterimage.Tests.Trail.DynamoDb;

/// <summary>Runs something once for every request that it makes, each time with another one of them going wrong.</summary>
internal static class FaultPlan
{
    private const int RunsMax = 2_000;

    /// <summary>The ways in which a request goes wrong.</summary>
    public static IReadOnlyList<Fate> Wrong { get; } = [Fate.NotDone, Fate.Unanswered, Fate.Repeated];

    /// <summary>Runs it in every way.</summary>
    /// <param name="run">Makes everything anew, and lets the hook it is given do with the table's requests what it will.</param>
    public static async Task EachAsync(Func<Func<TableRequest, CancellationToken, Task<Fate>>, Task> run)
    {
        foreach (var fate in Wrong)
        {
            var met = true;
            for (var number = 1; met; number++)
            {
                number.ShouldBeLessThan(RunsMax);
                met = false;
                try
                {
                    await run((request, _) =>
                    {
                        met |= request.Number == number;
                        return Task.FromResult(request.Number == number ? fate : Fate.Done);
                    });
                }
                catch (Exception e) when (e is not OperationCanceledException)
                {
                    throw new InvalidOperationException($"Request {number} was to be {fate}: {e.Message}", e);
                }
            }
        }
    }

    /// <summary>Runs it with each request once not done at first, and then done when everything else is over.</summary>
    public static async Task EachLateAsync(Func<Func<TableRequest, CancellationToken, Task<Fate>>, Action, Task> run)
    {
        var met = true;
        for (var number = 1; met; number++)
        {
            number.ShouldBeLessThan(RunsMax);
            TableRequest? late = null;
            await run(
                (request, _) =>
                {
                    late = request.Number == number ? request : late;
                    return Task.FromResult(request.Number == number ? Fate.NotDone : Fate.Done);
                },
                () => late?.Again());
            met = late is not null;
        }
    }

    /// <summary>Does something until its requests are answered, as whoever begins again does.</summary>
    public static async Task UntilAnsweredAsync(Func<Task> act)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await act();
                return;
            }
            catch (AwsException) when (attempt < 3)
            {
                // One request of each run goes wrong.
            }
        }
    }
}
