using System.Text;
using Afterimage.Entries;
using Afterimage.Relay;

namespace Afterimage.Tests.Relay.Sinks;

public sealed class FirehoseSinkTests : IDisposable
{
    private readonly SinkRig rig = new();

    [Fact]
    public async Task Pain_23_each_record_of_firehose_ends_with_a_lines_end()
    {
        rig.Aws.Answers(200, """{"FailedPutCount":0,"RequestResponses":[{"RecordId":"a"},{"RecordId":"b"}]}""");
        var batch = Outgoing.Some(2);

        (await SinkRig.SendAsync(rig.Open("firehose:audit"), batch)).ShouldBe([Delivery.Done, Delivery.Done]);

        rig.Operations.ShouldBe(["PutRecordBatch"]);
        rig.Sent().GetProperty("DeliveryStreamName").GetString().ShouldBe("audit");
        rig.Sent().GetProperty("Records").EnumerateArray().Select(record => Encoding.UTF8.GetString(record.GetProperty("Data").GetBytesFromBase64()))
            .ShouldBe(batch.Select(one => EntryJson.ToText(one.Entry) + "\n"));
    }

    [Fact]
    public async Task A_record_that_was_not_taken_is_sent_again()
    {
        rig.Aws.Answers(200, """{"FailedPutCount":1,"RequestResponses":[{"RecordId":"a"},{"ErrorCode":"ServiceUnavailableException","ErrorMessage":"Slow down."}]}""");

        (await SinkRig.SendAsync(rig.Open("firehose:audit"), Outgoing.Some(2))).ShouldBe([Delivery.Done, Delivery.Busy("ServiceUnavailableException: Slow down.")]);
    }

    [Fact]
    public async Task An_answer_about_fewer_records_than_were_sent_is_believed_of_none()
    {
        rig.Aws.Answers(200, """{"FailedPutCount":0,"RequestResponses":[{"RecordId":"a"}]}""");

        (await SinkRig.FailAsync(rig.Open("firehose:audit"), 2)).IsDown.ShouldBeTrue();
    }

    [Fact]
    public async Task A_stream_that_is_gone_is_down()
    {
        rig.Aws.Answers(400, """{"__type":"ResourceNotFoundException","message":"Firehose audit under account 123456789012 not found."}""");

        var error = await SinkRig.FailAsync(rig.Open("firehose:audit"));

        error.IsDown.ShouldBeTrue();
        error.Hint.ShouldContain("Create the delivery stream");
    }

    [Fact]
    public void The_limits_are_those_of_PutRecordBatch()
    {
        var limits = rig.Open("firehose:audit").Limits;

        (limits.EntriesMax, limits.TakesSome).ShouldBe((500, true));
        limits.BytesMax.ShouldBeLessThanOrEqualTo(4_000_000);
        (limits.EntryBytesMax + 1).ShouldBe(1_000 * 1_024);
    }

    [Fact]
    public void The_region_is_the_ARNs_or_the_one_given()
    {
        rig.Open("firehose:arn:aws:firehose:eu-north-1:123456789012:deliverystream/audit");
        rig.Open(new SinkOptions("firehose:audit") { Region = "eu-west-3" });

        rig.Asked.ShouldBe([(AwsTarget.Firehose, "eu-north-1", null), (AwsTarget.Firehose, "eu-west-3", null)]);
    }

    public void Dispose() => rig.Dispose();
}
