using Afterimage.Streams.Aws;

namespace Afterimage.Trail;

/// <summary>What a trail that is not on this machine is reached with.</summary>
/// <param name="Aws">Region, profile and endpoint of the trail's table; what is null comes from the environment and the profile.</param>
/// <param name="Environment">The environment's variables by name.</param>
/// <param name="Time">The clock of signatures and waits.</param>
/// <param name="Random">Seeds the jitter of retries.</param>
/// <param name="Secrets">Makes so many random bytes.</param>
public sealed record TrailSite(AwsSettings Aws, Func<string, string?> Environment, TimeProvider Time, Random Random, Func<int, byte[]> Secrets)
{
    /// <summary>Is told of every request that reads from the trail's table; null where nobody asks.</summary>
    public IProgress<TableRead>? Reads { get; init; }
}

/// <summary>A request that read from the trail's table.</summary>
/// <param name="Operation">GetItem, BatchGetItem, Query or Scan.</param>
/// <param name="Path">What was read: the table, or an index.</param>
/// <param name="Items">How many items it brought.</param>
public sealed record TableRead(string Operation, string Path, int Items);
