using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Afterimage.Stamp;

/// <summary>What was first stamped under each of the caller's ClientRequestTokens, since DynamoDB takes a repeat only with the very same content.</summary>
internal sealed class TransactionTokens(TimeProvider time)
{
    private const int NonceBytes = 16;
    private const int TokensMax = 10_000;

    // DynamoDB's own memory of a token.
    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(10);

    private readonly Lock gate = new();
    private readonly Dictionary<string, (Author Author, DateTimeOffset Time)> known = new(StringComparer.Ordinal);
    private readonly Queue<(string Token, DateTimeOffset Time)> order = [];

    /// <summary>Who acted when the token was seen first, and when that was.</summary>
    public (Author Author, DateTimeOffset Time) First(string token, Author author)
    {
        var now = time.GetUtcNow();
        lock (gate)
        {
            while (order.TryPeek(out var oldest) && (now - oldest.Time > Remembered || order.Count >= TokensMax))
            {
                known.Remove(order.Dequeue().Token);
            }

            if (!known.TryGetValue(token, out var first))
            {
                known[token] = first = (author, now);
                order.Enqueue((token, now));
            }

            return first;
        }
    }

    /// <summary>The nonce of a transaction's action: the same each time that the token comes.</summary>
    public static string Nonce(string token, int position) =>
        Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes($"{token}\n{position}")).AsSpan(0, NonceBytes));
}
