using Afterimage.Capture;
using Afterimage.Streams.Aws;
using Afterimage.Streams.Reading;

namespace Afterimage.Hosting;

/// <summary>The accounts and regions of the audited tables: one set of clients for each region and role, made when it is first asked for.</summary>
/// <param name="settings">How AWS is reached where a table says nothing else.</param>
/// <param name="environment">The environment's variables by name.</param>
/// <param name="time">The clock of signatures, waits and limits.</param>
/// <param name="random">Seeds the jitter of retries.</param>
public sealed class AuditedAccounts(AwsSettings settings, Func<string, string?> environment, TimeProvider time, Random random) : IDisposable
{
    private readonly Dictionary<(string? Region, string? Role), AwsAccess> accesses = [];
    private readonly Dictionary<(string? Region, string? Role), AccountRegion> regions = [];
    private readonly Dictionary<(string Region, string? Account), RateLimit> limits = [];

    /// <summary>The clients for a table.</summary>
    /// <exception cref="AwsConfigurationException">Region, profile or endpoint are missing or wrong.</exception>
    public AwsAccess AccessOf(TableOptions table)
    {
        if (!accesses.TryGetValue((table.Region, table.Role), out var access))
        {
            access = AwsAccess.Create(settings with { Region = table.Region ?? settings.Region, Role = table.Role }, environment, time, random);
            accesses.Add((table.Region, table.Role), access);
        }

        return access;
    }

    /// <summary>Where a table is. Roles of one account share its limits.</summary>
    /// <exception cref="AwsConfigurationException">Region, profile or endpoint are missing or wrong.</exception>
    public AccountRegion RegionOf(TableOptions table)
    {
        if (regions.TryGetValue((table.Region, table.Role), out var known))
        {
            return known;
        }

        var access = AccessOf(table);
        var account = table.Role is { } role ? RoleArn.AccountOf(role) : null;
        var limit = limits.TryGetValue((access.Region, account), out var shared) ? shared : limits[(access.Region, account)] = StreamsAccess.DescribeLimit(time);
        return regions[(table.Region, table.Role)] = new AccountRegion(access.Region, account, access.Tables, new StreamsAccess(access.Streams, limit));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var access in accesses.Values)
        {
            access.Dispose();
        }
    }
}
