namespace Afterimage.Streams.Records;

/// <summary>Names a shard within its stream.</summary>
public readonly record struct ShardId(string Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value;
}
