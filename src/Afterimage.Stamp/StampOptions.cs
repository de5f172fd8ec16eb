using System.Security.Cryptography;

namespace Afterimage.Stamp;

/// <summary>How a <see cref="StampedDynamoDBClient"/> stamps.</summary>
public sealed record StampOptions
{
    /// <summary>The attribute that holds the stamp; <c>_audit</c> unless told. The reader of the trail must be told the same.</summary>
    public string AttributeName { get; init; } = "_audit";

    /// <summary>The program that acts, where no <see cref="AuditScope"/> names one; null: none.</summary>
    public string? Service { get; init; }

    /// <summary>What is done with a write outside of every <see cref="AuditScope"/>; <see cref="WithoutScope.StampServiceOnly"/> unless told.</summary>
    public WithoutScope WithoutScope { get; init; } = WithoutScope.StampServiceOnly;

    /// <summary>How items are deleted; <see cref="DeleteStamps.Mark"/> unless told.</summary>
    public DeleteStamps Deletes { get; init; } = DeleteStamps.Mark;

    /// <summary>
    /// Whether items that a transaction deletes are marked before it, and the marks taken off if it fails; false unless told, and then
    /// nobody is named for what a transaction deletes.
    /// </summary>
    public bool MarkBeforeTransactions { get; init; }

    /// <summary>Tables, by name, that this client leaves as the SDK's own would.</summary>
    public IReadOnlyCollection<string> TablesLeftOut { get; init; } = [];

    /// <summary>
    /// The key attributes of tables, by the table's name. Of a table that is not in here they are asked for with DescribeTable before its
    /// first put, which needs <c>dynamodb:DescribeTable</c>, and remembered as long as the client lives.
    /// </summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Keys { get; init; } = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);

    /// <summary>The clock that stamps are dated by; the system's unless told.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Fills a nonce with bytes that never come again; a cryptographic generator unless told.</summary>
    public Action<byte[]> Nonces { get; init; } = static nonce => RandomNumberGenerator.Fill(nonce);
}

/// <summary>What is done with a write outside of every <see cref="AuditScope"/>.</summary>
public enum WithoutScope
{
    /// <summary>It is stamped without an actor: the stamp tells the service and the time.</summary>
    StampServiceOnly,

    /// <summary>It is left as it is, and its change has no author.</summary>
    LeaveAlone,

    /// <summary>It is refused with an <see cref="InvalidOperationException"/> before anything is sent.</summary>
    Throw,
}

/// <summary>How items are deleted.</summary>
public enum DeleteStamps
{
    /// <summary>An update first marks the item with who deletes it, then it is deleted on condition that the mark still stands: one write more.</summary>
    Mark,

    /// <summary>With one plain DeleteItem, which names nobody.</summary>
    Plain,
}
