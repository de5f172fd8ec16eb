using System.Text.Json;
using Afterimage.Hosting;
using Afterimage.Hosting.Permissions;

namespace Afterimage.Tests.Hosting;

public sealed class IamPoliciesTests
{
    private const string Everything = """
        {
          "tables": [{"name": "Orders"}, {"name": "Carts*", "region": "eu-west-1"}, {"name": "Old", "enabled": false},
                     {"name": "Prices", "role": "arn:aws:iam::210987654321:role/reader"}],
          "trail": "dynamodb:trail",
          "region": "eu-central-1",
          "proof": {"key": "kms:alias/audit", "witness": ["file:./witness", "s3://held/by/others"]},
          "sinks": ["console:", "file:entries.jsonl", "webhook:https://example.com/audit",
                    {"to": "logs:/audit", "retention": "30d"}, "firehose:audit", "table:Audit",
                    "sns:arn:aws:sns:us-east-1:123456789012:one.fifo", "sns:arn:aws:sns:us-east-1:123456789012:two",
                    "sqs:https://sqs.eu-west-1.amazonaws.com/999999999999/audit"]
        }
        """;

    [Fact]
    public void A_worker_with_a_file_for_a_trail_needs_the_streams_of_its_tables_alone() => Statements("worker", """{"tables": [{"name": "Orders"}], "region": "eu-west-1"}""").ShouldBe(
        [
            "DescribeTables Allow dynamodb:DescribeTable | arn:aws:dynamodb:eu-west-1:123456789012:table/Orders",
            "ReadStreams Allow dynamodb:DescribeStream dynamodb:GetRecords dynamodb:GetShardIterator dynamodb:ListStreams | arn:aws:dynamodb:eu-west-1:123456789012:table/Orders/stream/*",
        ]);

    [Fact]
    public void A_worker_needs_what_each_part_of_its_configuration_takes() => Statements("worker", Everything).ShouldBe(
        [
            "DescribeTables Allow dynamodb:DescribeTable | arn:aws:dynamodb:eu-central-1:123456789012:table/Orders arn:aws:dynamodb:eu-west-1:123456789012:table/Carts*",
            "FindTables Allow dynamodb:ListTables | *",
            "ReadStreams Allow dynamodb:DescribeStream dynamodb:GetRecords dynamodb:GetShardIterator dynamodb:ListStreams | arn:aws:dynamodb:eu-central-1:123456789012:table/Orders/stream/* arn:aws:dynamodb:eu-west-1:123456789012:table/Carts*/stream/*",
            "AssumeRoles Allow sts:AssumeRole | arn:aws:iam::210987654321:role/reader",
            "WriteTrail Allow dynamodb:BatchGetItem dynamodb:BatchWriteItem dynamodb:DeleteItem dynamodb:GetItem dynamodb:PutItem dynamodb:Query dynamodb:UpdateItem | arn:aws:dynamodb:eu-central-1:123456789012:table/trail",
            "UseSigningKey Allow kms:GetPublicKey kms:Sign | arn:aws:kms:eu-central-1:123456789012:key/* | {\"StringEquals\":{\"kms:RequestAlias\":[\"alias/audit\"]}}",
            "HoldCheckpoints Allow s3:GetObject s3:PutObject | arn:aws:s3:::held/by/others/*",
            "ListCheckpoints Allow s3:ListBucket | arn:aws:s3:::held | {\"StringLike\":{\"s3:prefix\":[\"by/others/*\"]}}",
            "PutToLogs Allow logs:PutLogEvents | arn:aws:logs:eu-central-1:123456789012:log-group:/audit:log-stream:afterimage",
            "MakeLogs Allow logs:CreateLogGroup logs:CreateLogStream | arn:aws:logs:eu-central-1:123456789012:log-group:/audit:*",
            "KeepLogs Allow logs:PutRetentionPolicy | arn:aws:logs:eu-central-1:123456789012:log-group:/audit:*",
            "PutToFirehose Allow firehose:PutRecordBatch | arn:aws:firehose:eu-central-1:123456789012:deliverystream/audit",
            "PutToTables Allow dynamodb:DescribeTable dynamodb:PutItem | arn:aws:dynamodb:eu-central-1:123456789012:table/Audit",
            "PublishToTopics Allow sns:Publish | arn:aws:sns:us-east-1:123456789012:one.fifo arn:aws:sns:us-east-1:123456789012:two",
            "SendToQueues Allow sqs:SendMessage | arn:aws:sqs:eu-west-1:999999999999:audit",
        ]);

    [Fact]
    public void The_function_neither_seals_nor_sends_and_never_deletes() => Statements("lambda", Everything, new IamFunction("fn", "arn:aws:sqs:eu-central-1:123456789012:lost")).ShouldBe(
        [
            "ReadStreams Allow dynamodb:DescribeStream dynamodb:GetRecords dynamodb:GetShardIterator dynamodb:ListStreams | arn:aws:dynamodb:eu-central-1:123456789012:table/Orders/stream/* arn:aws:dynamodb:eu-west-1:123456789012:table/Carts*/stream/*",
            "WriteTrail Allow dynamodb:BatchGetItem dynamodb:BatchWriteItem dynamodb:GetItem dynamodb:PutItem dynamodb:Query dynamodb:UpdateItem | arn:aws:dynamodb:eu-central-1:123456789012:table/trail",
            "TakeIntents Allow dynamodb:DeleteItem | arn:aws:dynamodb:eu-central-1:123456789012:table/trail | {\"ForAllValues:StringLike\":{\"dynamodb:LeadingKeys\":[\"intents *\"]}}",
            "WriteLog Allow logs:CreateLogStream logs:PutLogEvents | arn:aws:logs:eu-central-1:123456789012:log-group:/aws/lambda/fn:*",
            "SetAside Allow sqs:SendMessage | arn:aws:sqs:eu-central-1:123456789012:lost",
        ]);

    [Fact]
    public void A_function_without_a_trail_sends_to_its_sinks() => Statements("lambda", """
        {"tables": [{"name": "Orders"}], "region": "eu-west-1", "sinks": ["console:", "sns:arn:aws:sns:eu-west-1:123456789012:one.fifo"]}
        """, new IamFunction("fn", "arn:aws:sqs:eu-west-1:123456789012:lost")).ShouldBe(
        [
            "ReadStreams Allow dynamodb:DescribeStream dynamodb:GetRecords dynamodb:GetShardIterator dynamodb:ListStreams | arn:aws:dynamodb:eu-west-1:123456789012:table/Orders/stream/*",
            "WriteLog Allow logs:CreateLogStream logs:PutLogEvents | arn:aws:logs:eu-west-1:123456789012:log-group:/aws/lambda/fn:*",
            "SetAside Allow sqs:SendMessage | arn:aws:sqs:eu-west-1:123456789012:lost",
            "PublishToTopics Allow sns:Publish | arn:aws:sns:eu-west-1:123456789012:one.fifo",
        ]);

    [Fact]
    public void A_reader_reads_the_trail_and_not_the_salts_in_it() => Statements("reader", Everything).ShouldBe(
        [
            "ReadTrail Allow dynamodb:BatchGetItem dynamodb:GetItem dynamodb:Query | arn:aws:dynamodb:eu-central-1:123456789012:table/trail",
            "SearchTrail Allow dynamodb:Query | arn:aws:dynamodb:eu-central-1:123456789012:table/trail/index/*",
            "HideSecrets Deny dynamodb:BatchGetItem dynamodb:GetItem dynamodb:Query | arn:aws:dynamodb:eu-central-1:123456789012:table/trail | {\"ForAnyValue:StringLike\":{\"dynamodb:LeadingKeys\":[\"key *\",\"intents *\"]}}",
        ]);

    [Fact]
    public void A_role_that_is_assumed_needs_the_tables_that_it_is_assumed_for() => Statements("arn:aws:iam::210987654321:role/reader", Everything).ShouldBe(
        [
            "DescribeTables Allow dynamodb:DescribeTable | arn:aws:dynamodb:eu-central-1:210987654321:table/Prices",
            "ReadStreams Allow dynamodb:DescribeStream dynamodb:GetRecords dynamodb:GetShardIterator dynamodb:ListStreams | arn:aws:dynamodb:eu-central-1:210987654321:table/Prices/stream/*",
        ]);

    [Fact]
    public void Whoever_asks_a_file_needs_nothing_of_AWS() => Policies("""{"tables": [{"name": "Orders"}]}""", new IamFunction("fn", null)).Select(one => one.Role).ShouldBe(["worker", "verifier"]);

    [Fact]
    public void What_nobody_said_is_left_open_and_a_region_tells_its_partition()
    {
        AwsPlace.Of(new AfterimageOptions(), _ => null, null).Arn("sqs", "q").ShouldBe("arn:aws:sqs:*:*:q");
        AwsPlace.Of(new AfterimageOptions { Region = "cn-north-1" }, _ => null, "123456789012").Arn("sqs", "q").ShouldBe("arn:aws-cn:sqs:cn-north-1:123456789012:q");
        AwsPlace.Of(new AfterimageOptions(), name => name == "AWS_REGION" ? "us-gov-west-1" : null, null).S3("b").ShouldBe("arn:aws-us-gov:s3:::b");
        Should.Throw<UsageException>(() => AwsPlace.Of(new AfterimageOptions(), _ => null, "mine")).Message.ShouldBe("'mine' is no account.");
    }

    private static IReadOnlyList<RolePolicy> Policies(string file, IamFunction function)
    {
        var options = ConfigurationFile.Read("afterimage.json", System.Text.Encoding.UTF8.GetBytes(file));
        return IamPolicies.Of(options, AwsPlace.Of(options, _ => null, "123456789012"), function);
    }

    private static IEnumerable<string> Statements(string role, string file, IamFunction? function = null)
    {
        var document = JsonElement.Parse(Policies(file, function ?? new IamFunction("afterimage", null)).Single(one => one.Role == role).Policy.ToJson());
        document.GetProperty("Version").GetString().ShouldBe("2012-10-17");
        return document.GetProperty("Statement").EnumerateArray().Select(statement =>
            $"{statement.GetProperty("Sid")} {statement.GetProperty("Effect")} {All(statement, "Action")} | {All(statement, "Resource")}"
            + (statement.TryGetProperty("Condition", out var condition) ? $" | {JsonSerializer.Serialize(condition)}" : string.Empty));
    }

    private static string All(JsonElement statement, string name) => string.Join(' ', statement.GetProperty(name).EnumerateArray());
}
