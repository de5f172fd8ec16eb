using System.Globalization;
using System.Text;
using Afterimage.Trail.DynamoDb.Table;

namespace Afterimage.Tests.Trail.DynamoDb;

/// <summary>Entries of items as large as DynamoDB takes: two images of 400 KB do not fit into one item.</summary>
public sealed class DynamoLargeEntryTests
{
    private const int ImageBytes = 390_000;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Two_images_of_400_KB_are_kept_and_told_as_they_are(bool isCompressible)
    {
        using var table = await SealedTable.FillAsync(Record(1_000, isCompressible));

        var answers = await table.AnswersAsync();
        answers.ShouldContain(Value(1, isCompressible));
        answers.ShouldContain(Value(2, isCompressible));
        table.Keys.Any(key => key.Partition.StartsWith("part ", StringComparison.Ordinal)).ShouldBe(!isCompressible);
    }

    [Fact]
    public async Task A_part_that_is_gone_or_altered_is_found()
    {
        using var table = await SealedTable.FillAsync(Record(1_000, isCompressible: false));
        var parts = table.Keys.Where(key => key.Partition.StartsWith("part ", StringComparison.Ordinal)).ToList();
        parts.Count.ShouldBeGreaterThan(1);
        foreach (var part in parts)
        {
            var item = table.Item(part);
            table.Set(part, null);
            (await table.VerifyAsync()).IsAltered.ShouldBeTrue("gone");
            table.Set(part, item);
            var bytes = Convert.FromBase64String(item["bytes"].Text);
            bytes[bytes.Length / 2] ^= 1;
            table.Set(part, "bytes", Cell.Of(bytes));
            (await table.VerifyAsync()).IsAltered.ShouldBeTrue("altered");
            table.Set(part, item);
        }

        (await table.VerifyAsync()).Findings.ShouldBeEmpty();
    }

    private static ReadOnlyMemory<byte> Record(long sequence, bool isCompressible)
    {
        const string Keys = """{"id":{"S":"large"},"line":{"N":"1"}}""";
        string Image(int seed) => $$$"""{"id":{"S":"large"},"line":{"N":"1"},"v":{"S":"{{{Value(seed, isCompressible)}}}"}}""";
        return Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $$"""
            {"eventID":"e{{sequence}}","eventName":"MODIFY","eventVersion":"1.1","eventSource":"aws:dynamodb","awsRegion":"us-east-1","dynamodb":{"ApproximateCreationDateTime":{{TrailRig.Start.ToUnixTimeSeconds() + 30}},"Keys":{{Keys}},"OldImage":{{Image(1)}},"NewImage":{{Image(2)}},"SequenceNumber":"{{sequence}}","SizeBytes":800000,"StreamViewType":"NEW_AND_OLD_IMAGES"} }
            """));
    }

    private static string Value(int seed, bool isCompressible)
    {
        if (isCompressible)
        {
            return new string((char)('a' + seed), ImageBytes);
        }

        var bytes = new byte[ImageBytes / 4 * 3];
        new Random(seed).NextBytes(bytes);
        return Convert.ToBase64String(bytes).Replace('+', '-').Replace('/', '_');
    }
}
