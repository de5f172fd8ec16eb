using Afterimage.Streams.Aws;

namespace Afterimage.Tests.Simulation;

/// <summary>A table whose items change, with all the streams it ever had.</summary>
internal sealed class SimTable(string name, SimLoop loop, Random random)
{
    private const int Items = 24;

    /// <summary>Records stay readable for 24 hours and may vanish at any moment after that.</summary>
    public static readonly TimeSpan Retention = TimeSpan.FromHours(24);

    private readonly int[] versions = new int[Items];

    public string Name { get; } = name;

    public List<SimStream> Streams { get; } = [];

    public SimStream? Enabled => Streams.Count > 0 && Streams[^1].DisabledAt is null ? Streams[^1] : null;

    public bool Exists { get; private set; } = true;

    /// <summary>The stream that the table names: the newest it had since it was made.</summary>
    public SimStream? Latest { get; private set; }

    /// <summary>Until when nobody may look at it.</summary>
    public DateTimeOffset DeniedUntil { get; set; }

    /// <summary>Switches the stream on: a new one, with some shards.</summary>
    public void Enable(int shards)
    {
        if (!Exists || Enabled is not null)
        {
            return;
        }

        var stream = new SimStream(Name, loop.Now);
        Streams.Add(stream);
        Latest = stream;
        var width = SimStream.Hashes / shards;
        for (var shard = 0; shard < shards; shard++)
        {
            var end = shard == shards - 1 ? SimStream.Hashes : (shard + 1) * width;
            stream.AddShard(null, (shard * width)..end, loop.Now, TimeSpan.Zero, random);
        }
    }

    public void Disable() => Enabled?.Disable(loop.Now);

    /// <summary>The streams of a table that is deleted stay for a day.</summary>
    public void Delete()
    {
        Disable();
        (Exists, Latest) = (false, null);
    }

    public void Make() => Exists = true;

    public void ThrowIfDenied()
    {
        if (loop.Now < DeniedUntil)
        {
            throw new AccessDeniedException("AccessDeniedException", $"not allowed on {Name}", 400, null);
        }
    }

    /// <summary>Changes one item. Without a stream nobody will ever know.</summary>
    public void Write()
    {
        var item = random.Next(Items);
        versions[item]++;
        if (Enabled is { } stream)
        {
            var shard = stream.Open.First(one => one.Takes(item * SimStream.Hashes / Items));
            shard.Changes.Add(new SimChange(shard, stream.NextSequence(random), $"{Name}-{item}", versions[item], loop.Now));
        }
    }

    /// <summary>Closes a shard; its items go on in one child or in two.</summary>
    public void Roll(TimeSpan untruthMax)
    {
        if (Enabled is not { } stream)
        {
            return;
        }

        var open = stream.Open.ToList();
        var parent = open[random.Next(open.Count)];
        parent.ClosedAt = loop.Now;
        parent.ShownClosedFrom = loop.Now + (untruthMax * random.NextDouble());
        var (start, end) = (parent.Range.Start.Value, parent.Range.End.Value);
        var cut = random.Next(3) == 0 && end - start > 8 ? (start + end) / 2 : end;
        stream.AddShard(parent, start..cut, loop.Now, untruthMax * random.NextDouble(), random);
        if (cut < end)
        {
            stream.AddShard(parent, cut..end, loop.Now, untruthMax * random.NextDouble(), random);
        }
    }

    /// <summary>Forgets some of what may be forgotten: records, then shards without any, then streams without any.</summary>
    public void Trim()
    {
        var horizon = loop.Now - Retention;
        foreach (var stream in Streams.Where(one => !one.IsGone))
        {
            foreach (var shard in stream.Shards.Where(one => !one.IsGone && random.Next(4) > 0))
            {
                while (shard.Trimmed < shard.Changes.Count && shard.Changes[shard.Trimmed].MadeAt < horizon)
                {
                    shard.Trimmed++;
                }

                // A parent goes before its child: both are forgotten in the order in which they were closed.
                shard.IsGone = shard.ClosedAt < horizon && shard.Trimmed == shard.Changes.Count && shard.Parent is null or { IsGone: true } && random.Next(2) == 0;
            }

            stream.IsGone = stream.DisabledAt < horizon && stream.Shards.TrueForAll(shard => shard.IsGone);
        }
    }
}
