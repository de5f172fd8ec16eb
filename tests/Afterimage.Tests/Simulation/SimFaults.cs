using Afterimage.Streams.Aws;

namespace Afterimage.Tests.Simulation;

/// <summary>What a call may end with besides an answer, after the retries of the client below.</summary>
internal static class SimFaults
{
    private static readonly Uri Endpoint = new("https://streams.dynamodb.us-east-1.amazonaws.com");

    public static void Throw(SimWeather weather, Random random)
    {
        if (weather.IsStorm || random.NextDouble() < weather.Failures)
        {
            throw Draw(random);
        }
    }

    private static AwsException Draw(Random random) => random.Next(4) switch
    {
        0 => new ThrottledException("LimitExceededException", "too many calls", 400, null),
        1 => new AwsException("InternalServerError", "something broke", 500, null),
        2 => new EndpointUnreachableException(Endpoint, "connection reset"),
        _ => new AwsException(AwsErrors.Unreadable, "an answer that is no JSON", 200, null),
    };
}
