using System.Globalization;
using Afterimage.Streams.Records;

namespace Afterimage.Tests.Simulation;

/// <summary>A stream of a table, from the moment it was switched on.</summary>
internal sealed class SimStream
{
    public const int Hashes = 256;

    // Numbers of this stream soon get a digit more, which tells those who compare them as text.
    private UInt128 sequence = UInt128.Parse("999999999999999999900", CultureInfo.InvariantCulture);
    private int shardsMade;

    public SimStream(string table, DateTimeOffset madeAt)
    {
        MadeAt = madeAt;
        Arn = new StreamArn($"arn:aws:dynamodb:us-east-1:123456789012:table/{table}/stream/{madeAt:yyyy-MM-ddTHH:mm:ss.fff}");
    }

    public StreamArn Arn { get; }

    public DateTimeOffset MadeAt { get; }

    public DateTimeOffset? DisabledAt { get; set; }

    /// <summary>Whether the service has forgotten the stream.</summary>
    public bool IsGone { get; set; }

    /// <summary>Every shard that ever was, in the order of their making.</summary>
    public List<SimShard> Shards { get; } = [];

    public IEnumerable<SimShard> Open => Shards.Where(shard => shard.ClosedAt is null);

    public SequenceNumber NextSequence(Random random)
    {
        sequence += (UInt128)random.Next(1, 40);
        return new SequenceNumber(sequence.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Adds a shard that takes the items of a range.</summary>
    public SimShard AddShard(SimShard? parent, Range range, DateTimeOffset now, TimeSpan unlistedFor, Random random)
    {
        // Some names sort before their parents', so that nobody can take the listing's order for the lineage.
        var id = new ShardId($"shardId-{random.Next(1_000):000}-{++shardsMade:0000}");
        var listedFrom = parent?.ListedFrom > now + unlistedFor ? parent.ListedFrom : now + unlistedFor;
        var shard = new SimShard(this, id, parent, range, NextSequence(random), now) { ListedFrom = listedFrom, Place = Shards.Count };
        Shards.Add(shard);
        return shard;
    }

    public void Disable(DateTimeOffset now)
    {
        DisabledAt = now;
        foreach (var shard in Open)
        {
            shard.ClosedAt = now;
            shard.ShownClosedFrom = now;
        }
    }

    public override string ToString() => Arn.Value;
}
