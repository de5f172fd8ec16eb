using Afterimage.Streams.Aws;
using Afterimage.Trail;

namespace Afterimage.IntegrationTests.Support;

/// <summary>A trail's table of one test's own in DynamoDB Local.</summary>
internal sealed class TableForTrail
{
    private static readonly Dictionary<string, string> Keys = new(StringComparer.Ordinal)
    {
        ["AWS_ACCESS_KEY_ID"] = "afterimage",
        ["AWS_SECRET_ACCESS_KEY"] = "afterimage",
        ["AWS_REGION"] = "us-east-1",
    };

    private static int made;

    private TableForTrail(Uri endpoint)
    {
        Uri = $"dynamodb:trail-{Environment.ProcessId}-{Interlocked.Increment(ref made)}";
        Site = new TrailSite(
            new AwsSettings(Endpoint: endpoint.ToString()), Keys.GetValueOrDefault, TimeProvider.System, new Random(1), System.Security.Cryptography.RandomNumberGenerator.GetBytes);
    }

    /// <summary>The trail's address.</summary>
    public string Uri { get; }

    /// <summary>How it is reached.</summary>
    public TrailSite Site { get; }

    /// <summary>Makes one.</summary>
    public static async Task<TableForTrail> CreateAsync(LocalDatabase database, CancellationToken ct)
    {
        var table = new TableForTrail(await database.EndpointAsync());
        await Trails.PrepareAsync(table.Uri, new TrailTableOptions(), table.Site, ct);
        return table;
    }

    /// <summary>Opens the trail, as another process would.</summary>
    public Task<ITrail> OpenAsync(OpenMode mode, CancellationToken ct) => Trails.OpenAsync(Uri, mode, Site, ct);
}
