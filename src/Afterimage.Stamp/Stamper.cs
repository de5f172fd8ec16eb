using System.Buffers.Text;
using System.Diagnostics;
using Amazon.DynamoDBv2.Model;

namespace Afterimage.Stamp;

/// <summary>Makes stamps, as the options and the open scope have it.</summary>
internal sealed class Stamper(StampOptions options)
{
    private const int NonceBytes = 16;

    private readonly HashSet<string> leftOut = new(options.TablesLeftOut.Select(TableName.Of), StringComparer.Ordinal);

    public string Attribute => options.AttributeName;

    /// <summary>Whether a table is left as the SDK's own client would.</summary>
    public bool LeavesOut(string? table) => table is null || leftOut.Contains(TableName.Of(table));

    /// <summary>Who acts now; null where a write without a scope is to be left alone.</summary>
    /// <exception cref="InvalidOperationException">There is no scope, and the options refuse such writes.</exception>
    public Author? CurrentAuthor()
    {
        var scope = AuditScope.Current;
        if (scope is null && options.WithoutScope == WithoutScope.Throw)
        {
            throw new InvalidOperationException(
                "Something is written outside of every AuditScope. Begin one around it (AuditScope.Begin), or let StampOptions.WithoutScope allow it.");
        }

        return scope is null && options.WithoutScope == WithoutScope.LeaveAlone
            ? null
            : (scope ?? new Author()).Or(new Author(service: options.Service, request: TraceId()));
    }

    /// <summary>A stamp that is new; null where the key is none.</summary>
    public StampValue? New(Author author, string table, IReadOnlyDictionary<string, AttributeValue> key, bool deletes = false) =>
        Of(author, options.Time.GetUtcNow(), null, table, key, deletes);

    /// <summary>A stamp of a given time and, where it is not to be new, of a given nonce; null where the key is none.</summary>
    public StampValue? Of(
        Author author, DateTimeOffset time, string? nonce, string table, IReadOnlyDictionary<string, AttributeValue> key, bool deletes = false) =>
        ItemHash.Of(table, key) is { } item ? new StampValue(author, StampValue.TimeText(time), nonce ?? NewNonce(), item, deletes) : null;

    private string NewNonce()
    {
        var nonce = new byte[NonceBytes];
        options.Nonces(nonce);
        return Base64Url.EncodeToString(nonce);
    }

    private static string? TraceId() => Activity.Current switch
    {
        { IdFormat: ActivityIdFormat.W3C } activity => activity.TraceId.ToHexString(),
        var activity => activity?.RootId,
    };
}
