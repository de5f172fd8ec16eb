using Afterimage.Streams.Aws;
using Afterimage.Streams.Reading;
using Afterimage.Streams.Records;

namespace Afterimage.Capture;

/// <summary>Tables and streams of one account and region.</summary>
/// <param name="Region">The region that requests are signed for.</param>
/// <param name="Account">The account; null where the credentials alone know it.</param>
/// <param name="Tables">Tells of the tables.</param>
/// <param name="Streams">Reaches the streams.</param>
public sealed record AccountRegion(string Region, string? Account, ITableLookup Tables, StreamsAccess Streams)
{
    /// <summary>Whether a stream belongs here, as far as its name tells. DynamoDB Local names no region that there is.</summary>
    public bool Holds(StreamArn stream) => stream.Region == Region && (Account is null || stream.Account == Account);
}
