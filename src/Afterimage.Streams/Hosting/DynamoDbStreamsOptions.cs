using Afterimage.Streams.Aws;
using Afterimage.Streams.Reading;
using Afterimage.Streams.Shards;

namespace Afterimage.Streams.Hosting;

/// <summary>Which tables are followed, and how. All of it is checked when the host starts, and all problems are told at once.</summary>
public sealed record DynamoDbStreamsOptions
{
    /// <summary>The names of the tables, of one account and region, each with its stream enabled.</summary>
    public IReadOnlyList<string> Tables { get; set; } = [];

    /// <summary>From where a table's stream is read of which the journal knows nothing; the default is the oldest record there is, up to 24 hours back.</summary>
    public StartFrom StartFrom { get; set; }

    /// <summary>How to reach AWS; the default is what the environment and its profiles say.</summary>
    public AwsSettings Aws { get; set; } = new();

    /// <summary>How often shards are read and listed.</summary>
    public WorkerOptions Worker { get; set; } = new();
}
