namespace Afterimage.Streams.Aws;

/// <summary>What can be asked about the tables of an account and region. A simulator implements it too.</summary>
/// <remarks>Calls throw <see cref="AwsException"/> or one of its kinds, or <see cref="AwsConfigurationException"/>.</remarks>
public interface ITableLookup
{
    /// <summary>Describes a table; null if there is none of this name.</summary>
    Task<TableDescription?> DescribeAsync(string table, CancellationToken ct);

    /// <summary>The names of all tables, in the order in which DynamoDB lists them.</summary>
    IAsyncEnumerable<string> ListAsync(CancellationToken ct);
}
