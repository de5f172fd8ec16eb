using System.Text;
using System.Text.Json;
using Afterimage.Tests.Support;

namespace Afterimage.Tests.Lambda;

/// <summary>
/// One shard of an event source mapping, as Lambda's developer guide describes it: batches in order, from the lowest reported failure on again, halved where the function
/// itself fails.
/// </summary>
internal sealed class EventSource(IReadOnlyList<byte[]> records, Random random)
{
    private const int BatchMax = 20;
    private const int CallsMax = 5_000;

    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 512 };

    private int next;

    /// <summary>How many calls it took.</summary>
    public int Calls { get; private set; }

    /// <summary>The records that the mapping takes for handled.</summary>
    public IReadOnlyList<byte[]> Handled => [.. records.Take(next)];

    /// <summary>Hands over everything.</summary>
    /// <param name="call">The function: gives its answer, or throws where it failed as a whole.</param>
    public async Task RunAsync(Func<byte[], Task<byte[]>> call)
    {
        for (var size = BatchMax; next < records.Count;)
        {
            (++Calls).ShouldBeLessThan(CallsMax);
            var batch = records.Skip(next).Take(random.Next(1, size + 1)).ToList();
            byte[] answer;
            try
            {
                answer = await call(EventOf(batch));
            }
            catch (Exception e) when (e is FunctionDiedException or FormatException)
            {
                size = Math.Max(1, batch.Count / 2);
                continue;
            }

            size = BatchMax;
            var failures = JsonElement.Parse(answer).GetProperty("batchItemFailures").EnumerateArray().Select(one => one.GetProperty("itemIdentifier").GetString()).ToList();
            failures.Count.ShouldBeLessThanOrEqualTo(1);
            next += failures.Count == 0 ? batch.Count : batch.FindIndex(record => SequenceOf(record) == failures[0]);
        }
    }

    /// <summary>An event of these records.</summary>
    public static byte[] EventOf(IEnumerable<byte[]> records) => Encoding.UTF8.GetBytes($"{{\"Records\":[{string.Join(',', records.Select(Encoding.UTF8.GetString))}]}}");

    /// <summary>A record as Lambda delivers it: with the stream that it is of.</summary>
    public static byte[] Delivered(byte[] record) => [.. Encoding.UTF8.GetBytes($"{{\"eventSourceARN\":\"{FakeStream.Arn.Value}\","), .. record.AsSpan(1)];

    private static string? SequenceOf(byte[] record) => JsonElement.Parse(record, Deep).GetProperty("dynamodb").GetProperty("SequenceNumber").GetString();
}

/// <summary>The process of the function died in the middle of a call.</summary>
internal sealed class FunctionDiedException : Exception;
