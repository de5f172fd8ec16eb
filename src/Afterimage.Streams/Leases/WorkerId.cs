using System.Globalization;

namespace Afterimage.Streams.Leases;

/// <summary>A worker's name: another one for every run, since what a run before has left behind is not this one's.</summary>
public readonly record struct WorkerId(string Value)
{
    /// <summary>Draws a name. Workers that share a store must not draw from generators that were seeded alike.</summary>
    public static WorkerId Draw(Random random)
    {
        ArgumentNullException.ThrowIfNull(random);
        return new WorkerId(string.Create(CultureInfo.InvariantCulture, $"worker-{random.NextInt64():x16}{random.NextInt64():x16}"));
    }

    /// <inheritdoc/>
    public override string ToString() => Value;
}
