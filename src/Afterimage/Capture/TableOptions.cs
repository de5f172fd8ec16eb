using Afterimage.Entries;
using Afterimage.Streams.Shards;

namespace Afterimage.Capture;

/// <summary>A table, or all that fit a pattern.</summary>
/// <param name="Name">The name; <c>*</c> stands for any characters.</param>
/// <param name="Rules">How its records are read.</param>
/// <param name="Enabled">False keeps the table out, also where a pattern fits it.</param>
public sealed record TableOptions(string Name, TableRules Rules, bool Enabled = true)
{
    /// <summary>The region it lies in; null is the one of the whole run.</summary>
    public string? Region { get; init; }

    /// <summary>The ARN of the role to assume for reading it; null reads it with the run's own credentials.</summary>
    public string? Role { get; init; }

    /// <summary>From where its first stream is read; the default is the oldest record there is.</summary>
    public StartFrom StartFrom { get; init; } = StartFrom.TrimHorizon;
}
