using System.Runtime.CompilerServices;

namespace Afterimage.Trail.DynamoDb;

/// <summary>Joins answers that each have the same order into one of that order, reading each no further than is asked for.</summary>
internal static class Merge
{
    /// <summary>The joined answer.</summary>
    /// <param name="answers">The answers.</param>
    /// <param name="order">What they are ordered by, by code points as DynamoDB orders texts.</param>
    /// <param name="isReverse">Whether the largest comes first.</param>
    /// <param name="ct">Gives up.</param>
    public static async IAsyncEnumerable<T> Of<T>(
        IEnumerable<IAsyncEnumerable<T>> answers, Func<T, string> order, bool isReverse, [EnumeratorCancellation] CancellationToken ct)
    {
        List<IAsyncEnumerator<T>> heads = [.. answers.Select(answer => answer.GetAsyncEnumerator(ct))];
        try
        {
            var queue = new PriorityQueue<IAsyncEnumerator<T>, string>(Comparer<string>.Create((left, right) =>
                isReverse ? string.CompareOrdinal(right, left) : string.CompareOrdinal(left, right)));
            var moved = await Task.WhenAll(heads.Select(async head => await head.MoveNextAsync()));
            queue.EnqueueRange(heads.Where((_, at) => moved[at]).Select(head => (head, order(head.Current))));
            while (queue.TryDequeue(out var next, out _))
            {
                yield return next.Current;
                if (await next.MoveNextAsync())
                {
                    queue.Enqueue(next, order(next.Current));
                }
            }
        }
        finally
        {
            foreach (var head in heads)
            {
                await head.DisposeAsync();
            }
        }
    }
}
