using Afterimage.Streams.Records;

namespace Afterimage.Trail;

/// <summary>What a tree is called in the log: <c>STREAM/SHARD</c>, <c>intake/STREAM</c>, or the name of the one that belongs to no stream.</summary>
/// <param name="Value">The name.</param>
public readonly record struct TreeName(string Value)
{
    // A stream's ARN has three: arn:…:table/NAME/stream/LABEL.
    private const int SlashesOfStream = 3;
    private const string OfIntake = "intake/";

    /// <summary>The tree of what was done to the trail itself.</summary>
    public static TreeName Administration { get; } = new("_admin");

    /// <summary>The tree of a shard. What came without one is in the tree <c>intake/STREAM</c>.</summary>
    public static TreeName Of(StreamArn stream, ShardId shard) => new(shard == TrailShard.Intake ? $"{OfIntake}{stream.Value}" : $"{stream.Value}/{shard.Value}");

    /// <summary>The shard that the tree is of; null if it is of none.</summary>
    public (StreamArn Stream, ShardId Shard)? Shard
    {
        get
        {
            if (Value.StartsWith(OfIntake, StringComparison.Ordinal))
            {
                return (new StreamArn(Value[OfIntake.Length..]), TrailShard.Intake);
            }

            var parts = Value.Split('/', SlashesOfStream + 2);
            return parts.Length == SlashesOfStream + 2 ? (new StreamArn(string.Join('/', parts[..^1])), new ShardId(parts[^1])) : null;
        }
    }

    /// <inheritdoc/>
    public override string ToString() => Value;
}
