using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

namespace Afterimage.Stamp;

/// <summary>A table whose items are changed in one transaction with the record that tells of the change: neither is ever there without the other.</summary>
/// <remarks>
/// <para>Only for trails that are DynamoDB tables of the same account and region (<c>--trail dynamodb:NAME</c>), and for tables that the trail was told of with
/// <c>afterimage enable TABLE --transactions</c>. The table needs no stream; if it has one, the stream's record becomes the entry.</para>
/// <para>Who acts is told as everywhere by an open <see cref="AuditScope"/>. May be used by any number of tasks at once.</para>
/// </remarks>
public sealed class AuditedTable
{
    private readonly AuditedWrites writes;

    /// <summary>A table and the trail that audits it.</summary>
    /// <param name="client">DynamoDB; a <see cref="StampedDynamoDBClient"/> is as good as any.</param>
    /// <param name="tableName">The audited table.</param>
    /// <param name="trailTableName">The trail's table: what stands behind <c>dynamodb:</c> in the trail's address.</param>
    /// <param name="options">Who acts where no scope says so, clock and nonces; the defaults unless told.</param>
    /// <exception cref="ArgumentException">A name is missing, or the options name another attribute than <c>_audit</c>, which alone the trail reads.</exception>
    public AuditedTable(IAmazonDynamoDB client, string tableName, string trailTableName, StampOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentException.ThrowIfNullOrWhiteSpace(tableName);
        ArgumentException.ThrowIfNullOrWhiteSpace(trailTableName);
        var stamping = options ?? new StampOptions();
        if (stamping.AttributeName != new StampOptions().AttributeName)
        {
            throw new ArgumentException($"The trail reads stamps in the attribute {new StampOptions().AttributeName} alone, and the options name {stamping.AttributeName}.", nameof(options));
        }

        writes = new AuditedWrites(client, new AuditedPlaces(client, tableName, trailTableName), stamping);
    }

    /// <summary>Puts a whole item in the place of whatever is there.</summary>
    /// <param name="item">The item with its key; it is not changed.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What was written.</returns>
    /// <exception cref="AuditedWriteException">It cannot be written with its record: too large, the table unknown to the trail, others writing the item again and again.</exception>
    public async Task<AuditedWrite> PutAsync(Dictionary<string, AttributeValue> item, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(item);
        return (await writes.WriteAsync(item, _ => item, cancellationToken))!;
    }

    /// <summary>Reads an item, lets it be changed, and writes it if it is still what was read; else it is read and changed once more.</summary>
    /// <param name="key">The item's key attributes.</param>
    /// <param name="change">
    /// Is given the item as it is, a copy that may be changed, or null if there is none; says what it is to be, or null to leave everything as it is. It may be called
    /// several times.
    /// </param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What was written; null if nothing was to be.</returns>
    /// <inheritdoc cref="PutAsync" path="/exception"/>
    public Task<AuditedWrite?> UpdateAsync(
        Dictionary<string, AttributeValue> key, Func<Dictionary<string, AttributeValue>?, Dictionary<string, AttributeValue>?> change, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(change);
        return writes.WriteAsync(key, change, cancellationToken);
    }

    /// <summary>Deletes an item: a transaction that marks it with who deletes it, and one that deletes it if it is still that.</summary>
    /// <param name="key">The item's key attributes.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What was deleted; null if there was no item.</returns>
    /// <inheritdoc cref="PutAsync" path="/exception"/>
    public Task<AuditedWrite?> DeleteAsync(Dictionary<string, AttributeValue> key, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        return writes.DeleteAsync(key, cancellationToken);
    }
}

/// <summary>A change that was committed with its record.</summary>
/// <param name="Nonce">What no other change has; the entry's stamp holds it.</param>
/// <param name="Before">The item before; null where there was none.</param>
/// <param name="After">The item as it was written, stamp and all; null where it was deleted.</param>
public sealed record AuditedWrite(string Nonce, IReadOnlyDictionary<string, AttributeValue>? Before, IReadOnlyDictionary<string, AttributeValue>? After);

/// <summary>A change cannot be written together with its record. Nothing was written of it.</summary>
public sealed class AuditedWriteException : Exception
{
    /// <summary>Without a word.</summary>
    public AuditedWriteException()
    {
    }

    /// <summary>With what stands in the way, and what to do.</summary>
    public AuditedWriteException(string message)
        : base(message)
    {
    }

    /// <summary>With what stands in the way and where it came from.</summary>
    public AuditedWriteException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
