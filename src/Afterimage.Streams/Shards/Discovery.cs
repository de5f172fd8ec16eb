using Afterimage.Streams.Aws;
using Afterimage.Streams.Records;

namespace Afterimage.Streams.Shards;

/// <summary>Lists a stream's shards.</summary>
/// <param name="api">The service.</param>
/// <param name="stream">The stream.</param>
/// <param name="turn">Waits until DescribeStream may be called: 10 times a second for an account and region.</param>
internal sealed class Discovery(IStreamsApi api, StreamArn stream, Func<CancellationToken, Task> turn)
{
    /// <summary>A stream has at most a few thousand shards of a day; more pages than this is an endpoint that goes in circles.</summary>
    private const int PagesMax = 1_000;

    private readonly Dictionary<ShardId, Shard> found = [];
    private IReadOnlySet<ShardId> expected = new HashSet<ShardId>();
    private ShardId? reached;

    /// <summary>What a listing has shown that broke off; the next one goes on behind it.</summary>
    public IReadOnlyCollection<Shard> Found => found.Values;

    /// <summary>Whether the next listing goes on where one broke off.</summary>
    public bool IsBrokenOff => reached is not null;

    /// <summary>Every shard of the stream. Pages are followed to the last one, also where one is empty.</summary>
    /// <param name="toExpect">What the listing should show, by what is known as it begins.</param>
    /// <param name="ct">Gives up.</param>
    public async Task<Listing> ListAsync(IReadOnlySet<ShardId> toExpect, CancellationToken ct)
    {
        if (reached is null)
        {
            Begin(toExpect);
        }

        for (var page = 0; page < PagesMax; page++)
        {
            var description = await DescribeAsync(toExpect, ct);
            foreach (var shard in description.Shards)
            {
                found[shard.Id] = shard;
            }

            reached = description.LastEvaluatedShard;
            if (reached is null)
            {
                return new Listing(description.Status, description.ViewType, [.. found.Values], expected);
            }
        }

        reached = null;
        throw new AwsException("EndlessListing", $"DescribeStream of {stream} gave {PagesMax} pages and no end.", 200, requestId: null);
    }

    /// <summary>The children of a shard that ended, as far as they exist already. Services that do not know the filter list everything; that is sorted out here.</summary>
    public async Task<IReadOnlyList<Shard>> ChildrenAsync(ShardId parent, CancellationToken ct)
    {
        await turn(ct);
        var description = await api.DescribeStreamAsync(stream, after: null, childrenOf: parent, ct);
        return [.. description.Shards.Where(shard => shard.Parent == parent)];
    }

    private void Begin(IReadOnlySet<ShardId> toExpect)
    {
        found.Clear();
        expected = toExpect;
        reached = null;
    }

    private async Task<StreamDescription> DescribeAsync(IReadOnlySet<ShardId> toExpect, CancellationToken ct)
    {
        await turn(ct);
        try
        {
            return await api.DescribeStreamAsync(stream, reached, childrenOf: null, ct);
        }
        catch (ResourceNotFoundException) when (reached is not null)
        {
            // The shard at which the listing broke off may be gone by now: then it begins anew.
            Begin(toExpect);
        }

        await turn(ct);
        return await api.DescribeStreamAsync(stream, after: null, childrenOf: null, ct);
    }
}

/// <summary>A stream with all its shards.</summary>
/// <param name="Status">ENABLING, ENABLED, DISABLING or DISABLED.</param>
/// <param name="ViewType">Which images its records carry.</param>
/// <param name="Shards">Every shard.</param>
/// <param name="Expected">What was to be expected in it.</param>
internal sealed record Listing(string Status, string? ViewType, IReadOnlyList<Shard> Shards, IReadOnlySet<ShardId> Expected);
