using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Afterimage.Capture;
using Afterimage.Entries;
using Afterimage.Hosting;
using Afterimage.Hosting.Permissions;
using Afterimage.IntegrationTests.Support;
using Afterimage.Relay;
using Afterimage.Streams.Aws;
using Afterimage.Trail;

namespace Afterimage.IntegrationTests.Deploy;

/// <summary>The templates of <c>deploy/</c>, created by an emulated CloudFormation.</summary>
public sealed class TemplatesTests(EmulatedStacks aws) : IClassFixture<EmulatedStacks>
{
    private const string Table = "Orders";

    private static readonly AwsPlace Here = new("us-east-1", "123456789012");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Cfn_lint_finds_nothing()
    {
        SystemPackage.DemandBy("cfn-lint", "pip install 'cfn-lint==1.51.0'");
        var start = new ProcessStartInfo("cfn-lint", EmulatedStacks.Templates) { UseShellExecute = false, RedirectStandardOutput = true };
        using var lint = Process.Start(start)!;
        var found = await lint.StandardOutput.ReadToEndAsync(Ct);
        await lint.WaitForExitAsync(Ct);

        found.ShouldBeEmpty();
        lint.ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task The_table_of_the_template_is_one_that_enable_takes_for_a_trail()
    {
        await aws.CreateAsync("trail-table", ("TrailTable", "templated-trail"));

        var keys = new Dictionary<string, string> { ["AWS_ACCESS_KEY_ID"] = "afterimage", ["AWS_SECRET_ACCESS_KEY"] = "afterimage", ["AWS_REGION"] = "us-east-1" };
        var site = new TrailSite(new AwsSettings(Endpoint: aws.Endpoint), keys.GetValueOrDefault, TimeProvider.System, new Random(1), length => new byte[length]);
        (await Trails.PrepareAsync("dynamodb:templated-trail", new TrailTableOptions(), site, Ct)).ShouldBe(["The table templated-trail is there, with all that a trail needs."]);
    }

    [Fact]
    public async Task The_function_is_created_with_the_policy_that_the_program_prints_and_a_mapping_that_loses_nothing()
    {
        var stack = await aws.CreateAsync("lambda", ("TableName", Table), ("StreamArn", await aws.StreamAsync(Table)), ("CodeBucket", EmulatedStacks.Bucket), ("FunctionName", "templated"));

        var options = new AfterimageOptions { Trail = "dynamodb:afterimage-trail", Tables = [new TableOptions(Table, TableRules.None)] };
        await ShouldHaveAsync(stack, "lambda", options, new IamFunction("templated", "arn:aws:sqs:us-east-1:123456789012:templated-dead-letters"));
        var mapping = (await aws.GetAsync("lambda", "/2015-03-31/event-source-mappings/?FunctionName=templated")).GetProperty("EventSourceMappings").EnumerateArray().Single();
        mapping.GetProperty("BatchSize").GetInt32().ShouldBe(100);
        mapping.GetProperty("StartingPosition").GetString().ShouldBe("TRIM_HORIZON");
    }

    [Fact]
    public async Task The_function_over_sinks_alone_is_told_of_them_and_of_no_trail_and_has_no_rights_on_one()
    {
        (string, string)[] parameters =
        [
            ("TableName", "Carts"), ("StreamArn", await aws.StreamAsync("Carts")), ("CodeBucket", EmulatedStacks.Bucket), ("FunctionName", "direct"), ("TrailTable", string.Empty),
            ("Sinks", "console:,sns:arn:aws:sns:us-east-1:123456789012:audit.fifo"), ("ExtraPolicyArn", "arn:aws:iam::123456789012:policy/afterimage-sinks"),
        ];
        var stack = await aws.CreateAsync("direct", "lambda", parameters);

        var options = new AfterimageOptions { Tables = [new TableOptions("Carts", TableRules.None)], Sinks = [new SinkOptions("console:")] };
        await ShouldHaveAsync(stack, "lambda", options, new IamFunction("direct", "arn:aws:sqs:us-east-1:123456789012:direct-dead-letters"));
        var variables = (await aws.GetAsync("lambda", "/2015-03-31/functions/direct")).GetProperty("Configuration").GetProperty("Environment").GetProperty("Variables");
        variables.GetProperty("AFTERIMAGE_SINKS").GetString().ShouldBe("console:,sns:arn:aws:sns:us-east-1:123456789012:audit.fifo");
        variables.TryGetProperty("AFTERIMAGE_TRAIL", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task The_worker_is_created_with_the_policy_that_the_program_prints()
    {
        var stack = await aws.CreateAsync("worker", ("TableName", Table), ("Image", "afterimage"), ("Subnets", "subnet-1"), ("SecurityGroups", "sg-1"));

        var options = new AfterimageOptions
        {
            Trail = "dynamodb:afterimage-trail",
            Tables = [new TableOptions(Table, TableRules.None)],
            Proof = new ProofOptions { Key = $"kms:{stack["SigningKeyArn"]}" },
        };
        await ShouldHaveAsync(stack, "worker", options, new IamFunction(IamFunction.DefaultName, null));
    }

    private async Task ShouldHaveAsync(IReadOnlyDictionary<string, string> stack, string role, AfterimageOptions options, IamFunction function)
    {
        var held = await aws.AskAsync("iam", "2010-05-08", "GetRolePolicy", ("RoleName", stack["RoleName"]), ("PolicyName", "afterimage"));
        var printed = IamPolicies.Of(options, Here, function).Single(one => one.Role == role).Policy.ToJson();
        var document = held.Descendants().Single(element => element.Name.LocalName == "PolicyDocument").Value;

        // The emulation gives the documents of stacks in Python's quotes, and leaves in lists what a condition takes out.
        Normal(WebUtility.UrlDecode(document).Replace('\'', '"').Replace(", None", string.Empty, StringComparison.Ordinal)).ShouldBe(Normal(printed));
    }

    private static string Normal(string json) => JsonSerializer.Serialize(JsonElement.Parse(json));
}
