using System.Runtime.CompilerServices;

namespace Afterimage.Trail.DynamoDb.Table;

/// <summary>Long answers, page by page.</summary>
internal static class ItemPages
{
    /// <summary>Every item that a query asks for. A page that is empty is not taken for the last.</summary>
    public static async IAsyncEnumerable<Item> AllAsync(this IItemTable table, ItemQuery query, [EnumeratorCancellation] CancellationToken ct)
    {
        // DynamoDB takes it for a mistake if the one lies behind the other.
        if (query is { From: { } from, Through: { } through } && string.CompareOrdinal(from, through) > 0)
        {
            yield break;
        }

        for (var next = query; ;)
        {
            var page = await table.QueryAsync(next, ct);
            foreach (var item in page.Items)
            {
                ct.ThrowIfCancellationRequested();
                yield return item;
            }

            if (page.Next is null)
            {
                yield break;
            }

            next = next with { After = page.Next };
        }
    }
}
