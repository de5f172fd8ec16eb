using Afterimage.Streams.Aws;
using Afterimage.Streams.Records;

namespace Afterimage.Streams.Shards;

/// <summary>Lists a stream's shards.</summary>
internal sealed class Discovery(IStreamsApi api)
{
    /// <summary>A stream has at most a few thousand shards of a day; more pages than this is an endpoint that goes in circles.</summary>
    private const int PagesMax = 1_000;

    /// <summary>Every shard of the stream. Pages are followed to the last one, also where one is empty.</summary>
    public async Task<Listing> ListAsync(StreamArn stream, CancellationToken ct)
    {
        var shards = new Dictionary<ShardId, Shard>();
        ShardId? after = null;
        for (var page = 0; page < PagesMax; page++)
        {
            var description = await api.DescribeStreamAsync(stream, after, childrenOf: null, ct);
            foreach (var shard in description.Shards)
            {
                shards[shard.Id] = shard;
            }

            if (description.LastEvaluatedShard is null)
            {
                return new Listing(description.Status, description.ViewType, [.. shards.Values]);
            }

            after = description.LastEvaluatedShard;
        }

        throw new AwsException("EndlessListing", $"DescribeStream of {stream} gave {PagesMax} pages and no end.", 200, requestId: null);
    }

    /// <summary>The children of a shard that ended, as far as they exist already. Services that do not know the filter list everything; that is sorted out here.</summary>
    public async Task<IReadOnlyList<Shard>> ChildrenAsync(StreamArn stream, ShardId parent, CancellationToken ct)
    {
        var description = await api.DescribeStreamAsync(stream, after: null, childrenOf: parent, ct);
        return [.. description.Shards.Where(shard => shard.Parent == parent)];
    }
}

/// <summary>A stream with all its shards.</summary>
/// <param name="Status">ENABLING, ENABLED, DISABLING or DISABLED.</param>
/// <param name="ViewType">Which images its records carry.</param>
/// <param name="Shards">Every shard.</param>
internal sealed record Listing(string Status, string? ViewType, IReadOnlyList<Shard> Shards);
