using System.Globalization;
using System.Text;

namespace Afterimage.Bench;

/// <summary>Answers of GetRecords with changes of one field, as DynamoDB sends them: no space, attributes in no order.</summary>
internal static class SampleRecords
{
    /// <summary>Records in one answer.</summary>
    public const int Count = 100;

    /// <summary>An answer with images of about so many attributes of 63 bytes each.</summary>
    public static byte[] Answer(int attributes, int count = Count, int first = 0)
    {
        var records = Enumerable.Range(first, count).Select(number => Record(number, attributes));
        return Encoding.UTF8.GetBytes($$"""{"NextShardIterator":"next","Records":[{{string.Join(',', records)}}]}""");
    }

    /// <summary>The bytes of an image.</summary>
    public static int ImageBytes(int attributes) => Image(0, attributes, "PENDING").Length;

    private static string Record(int number, int attributes) => string.Create(CultureInfo.InvariantCulture, $$$"""
        {"awsRegion":"us-west-2","dynamodb":{"ApproximateCreationDateTime":1795302519,"Keys":{"id":{"S":"order-{{{number:D10}}}"}},"NewImage":{{{Image(number, attributes, "SHIPPED")}}},"OldImage":{{{Image(number, attributes, "PENDING")}}},"SequenceNumber":"{{{49_600_000_000_000_000L + number}}}0000","SizeBytes":1008,"StreamViewType":"NEW_AND_OLD_IMAGES"},"eventID":"c4ca4238a0b923820dcc509a6f75{{{number:D4}}}","eventName":"MODIFY","eventSource":"aws:dynamodb","eventVersion":"1.1"}
        """);

    private static string Image(int number, int attributes, string status)
    {
        List<string> members =
        [
            string.Create(CultureInfo.InvariantCulture, $$$"""
                "id":{"S":"order-{{{number:D10}}}"}
                """),
            $$$"""
            "status":{"S":"{{{status}}}"}
            """,
        ];
        for (var at = 2; at < attributes; at++)
        {
            members.Add((at % 4) switch
            {
                0 => string.Create(CultureInfo.InvariantCulture, $$$"""
                    "total{{{at}}}":{"N":"{{{(number * 31) + at}}}.95"}
                    """),
                1 => string.Create(CultureInfo.InvariantCulture, $$$$"""
                    "lines{{{{at}}}}":{"L":[{"M":{"sku":{"S":"A-{{{{number}}}}"},"quantity":{"N":"2"}}},{"M":{"sku":{"S":"B-{{{{at}}}}"},"quantity":{"N":"1"}}}]}
                    """),
                2 => string.Create(CultureInfo.InvariantCulture, $$$"""
                    "customerEmail{{{at}}}":{"S":"somebody.{{{number}}}@shop.example.com"}
                    """),
                _ => string.Create(CultureInfo.InvariantCulture, $$$"""
                    "note{{{at}}}":{"S":"leave it with the neighbours at number {{{at}}}, please"}
                    """),
            });
        }

        // DynamoDB delivers attributes in no order that anybody could rely on.
        new Random(7).Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(members));
        return $"{{{string.Join(',', members)}}}";
    }
}
