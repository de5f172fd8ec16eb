using System.Text;
using Afterimage.Hosting;
using Afterimage.Streams.Shards;

namespace Afterimage.Tests.Hosting;

public sealed class ConfigurationFileTests
{
    [Fact]
    public void A_whole_file_is_read()
    {
        var options = Read(
            """
            {
              // Comments are welcome.
              "$schema": "./afterimage.schema.json",
              "tables": [{"name": "Orders*", "service": "orders-api", "actor": "/updatedBy", "entity": "/type", "tenant": "/tenantId",
                          "ignore": ["/updatedAt"], "redact": ["/card/number"], "enabled": true}],
              "trail": "sqlite:trail.db", "region": "eu-west-1", "profile": "audit", "endpoint": "http://127.0.0.1:8000",
              "json": true, "color": false, "limit": 20,
              "capture": {"maxLatency": "500ms", "idlePoll": "10s", "drain": true, "drainAfter": "3s"},
              "proof": {"origin": "audit.example.com/orders", "sealEvery": "30s", "key": "kms:alias/audit", "witness": ["file:./witness", "s3://bucket/orders"]},
            }
            """);

        options.RulesOf("Orders2").Service.ShouldBe("orders-api");
        options.RulesOf("Orders2").Redact.Single().ToString().ShouldBe("/card/number");
        options.RulesOf("Users").Service.ShouldBeNull();
        options.Trail.ShouldBe("sqlite:trail.db");
        (options.Region, options.Profile, options.Endpoint, options.Json, options.Color, options.Limit).ShouldBe(("eu-west-1", "audit", "http://127.0.0.1:8000", true, false, 20));
        options.Capture.Pacing.MaxLatency.ShouldBe(TimeSpan.FromMilliseconds(500));
        (options.Capture.Drain, options.Capture.DrainAfter).ShouldBe((true, TimeSpan.FromSeconds(3)));
        (options.Proof.Origin, options.Proof.SealEvery, options.Proof.Key).ShouldBe(("audit.example.com/orders", TimeSpan.FromSeconds(30), "kms:alias/audit"));
        options.Proof.Witness.ShouldBe(["file:./witness", "s3://bucket/orders"]);
    }

    [Fact]
    public void An_empty_file_leaves_the_defaults()
    {
        var defaults = new AfterimageOptions();

        (Read("{}") with { Tables = defaults.Tables, Sinks = defaults.Sinks }).ShouldBe(defaults);
    }

    [Fact]
    public void All_problems_are_reported_at_once()
    {
        var problems = Should.Throw<UsageException>(() => Read(
            """
            {"tabels": [], "trail": 5, "limit": 0, "endpoint": "localhost", "capture": {"maxLatency": "soon", "speed": 1},
             "tables": [{"name": "Or ders", "actor": "updatedBy"}, {"service": "x"}]}
            """)).Problems;

        problems.Select(problem => problem.What).ShouldBe(
            [
                "test.json: 'tables[0].name' is 'Or ders', which no table can have.",
                "test.json: 'tables[0].actor' holds 'updatedBy': 'updatedBy' is not a path: it begins with a slash, like '/updatedBy'.",
                "test.json: 'tables[1].name' is missing.",
                "test.json: 'trail' is not a text.",
                "test.json: 'limit' is not a whole number above 0.",
                "test.json: 'capture.maxLatency' is not a duration such as 200ms, 5s or 10m.",
                "test.json: 'capture.speed' is unknown.",
                "test.json: 'endpoint' is 'localhost', which is no address.",
                "test.json: 'tabels' is unknown.",
            ],
            ignoreOrder: true);
        problems.ShouldAllBe(problem => problem.Hint.Length > 0);
    }

    [Fact]
    public void Stamps_are_read_from_the_attribute_that_the_file_names()
    {
        var options = Read("""{"tables": [{"name": "Orders", "stamp": "who", "redact": ["/_audit"]}, {"name": "Users"}]}""");

        (options.RulesOf("Orders").Stamp, options.RulesOf("Users").Stamp).ShouldBe(("who", "_audit"));
    }

    [Theory]
    [InlineData("""{"name": "Orders", "stamp": ""}""", "test.json: 'tables[0].stamp' is '', which is no attribute's name.")]
    [InlineData("""{"name": "Orders", "stamp": "/who"}""", "test.json: 'tables[0].stamp' is '/who', which is no attribute's name.")]
    [InlineData("""{"name": "Orders", "redact": ["/_audit/reason"]}""", "test.json: 'tables[0].redact' takes something out of _audit, which stamps are read from and entries tell.")]
    public void Stamps_are_in_an_attribute_that_is_kept(string table, string expected) =>
        Should.Throw<UsageException>(() => Read($$"""{"tables": [{{table}}]}""")).Problems.Single().What.ShouldBe(expected);

    [Fact]
    public void A_table_may_be_in_another_region_and_account_and_begin_with_what_is_new()
    {
        var table = Read("""{"tables": [{"name": "Orders", "region": "eu-west-1", "role": "arn:aws-cn:iam::123456789012:role/path/reader", "startFrom": "LATEST"}, {"name": "Users", "startFrom": "TRIM_HORIZON"}]}""").Tables;

        (table[0].Region, table[0].Role, table[0].StartFrom).ShouldBe(("eu-west-1", "arn:aws-cn:iam::123456789012:role/path/reader", StartFrom.Latest));
        (table[1].Region, table[1].Role, table[1].StartFrom).ShouldBe((null, null, StartFrom.TrimHorizon));
    }

    [Fact]
    public void A_wrong_region_role_and_beginning_are_reported_together() => Should.Throw<UsageException>(() => Read(
        """{"tables": [{"name": "Orders", "region": "eu west", "role": "reader", "startFrom": "NOW"}, {"name": "Users", "role": "arn:aws:iam::12345:role/x"}]}"""))
        .Problems.Select(problem => problem.What).ShouldBe(
        [
            "test.json: 'tables[0].region' is 'eu west', which is no region.",
            "test.json: 'tables[0].role' is 'reader', which is not the ARN of a role.",
            "test.json: 'tables[0].startFrom' is 'NOW'.",
            "test.json: 'tables[1].role' is 'arn:aws:iam::12345:role/x', which is not the ARN of a role.",
        ]);

    [Theory]
    [InlineData("file:afterimage.key", null, 10)]
    [InlineData("kms:alias/audit", null, 60)]
    [InlineData("kms:arn:aws:kms:eu-west-1:123456789012:key/mrk-1234", 1, 1)]
    public void A_trail_is_sealed_as_often_as_is_said_and_else_as_its_key_makes_cheap(string key, int? sealEvery, int expected) =>
        new ProofOptions { Key = key, SealEvery = sealEvery is { } seconds ? TimeSpan.FromSeconds(seconds) : null }.Pace.ShouldBe(TimeSpan.FromSeconds(expected));

    [Fact]
    public void All_that_is_wrong_with_the_sealing_is_reported_together() => Should.Throw<UsageException>(() => Read(
        """{"proof": {"origin": "my trail", "sealEvery": "900ms", "key": "afterimage.key", "witness": ["file:w", "w", "s3://B"], "signer": "x"}}"""))
        .Problems.Select(problem => problem.What).ShouldBe(
        [
            "test.json: 'proof.origin' is 'my trail', which cannot be signed under.",
            "test.json: 'proof.sealEvery' is less than a second.",
            "test.json: 'proof.key' is 'afterimage.key', which is not the address of a signing key.",
            "test.json: 'proof.witness' names 'w', which is not the address of a witness.",
            "test.json: 'proof.witness' names 's3://B', which is not the address of a witness.",
            "test.json: 'proof.signer' is unknown.",
        ]);

    [Fact]
    public void What_the_file_says_of_a_table_holds_where_the_command_line_names_it()
    {
        var options = Read("""{"tables": [{"name": "Orders*", "region": "eu-west-1", "service": "s", "enabled": false}, {"name": "Users"}]}""");

        options.Only(["Orders1", "Orders*"]).Take(2).Select(table => (table.Name, table.Region, table.Rules.Service, table.Enabled))
            .ShouldBe([("Orders1", "eu-west-1", "s", true), ("Orders*", "eu-west-1", "s", true)]);
    }

    [Fact]
    public void A_name_that_stands_twice_is_reported() =>
        Should.Throw<UsageException>(() => Read("""{"trail": "sqlite:a.db", "trail": "sqlite:b.db"}""")).Message.ShouldContain("'trail' stands twice.");

    [Fact]
    public void What_is_not_JSON_is_refused_with_its_place() => Should.Throw<UsageException>(() => Read("{\n  trail\n}")).Message.ShouldContain("LineNumber: 1");

    [Fact]
    public void The_environment_wins_over_the_file()
    {
        var options = EnvironmentSettings.Apply(Read("""{"trail": "sqlite:file.db", "limit": 5, "tables": [{"name": "A", "service": "s"}, {"name": "B"}]}"""), name => name switch
        {
            "AFTERIMAGE_TRAIL" => "sqlite:environment.db",
            "AFTERIMAGE_TABLES" => "A, C*",
            _ => null,
        });

        (options.Trail, options.Limit).ShouldBe(("sqlite:environment.db", 5));
        options.Tables.Select(table => (table.Name, table.Rules.Service)).ShouldBe([("A", "s"), ("C*", null)]);
    }

    [Fact]
    public void The_environment_says_how_a_trail_is_sealed()
    {
        var options = EnvironmentSettings.Apply(Read("""{"proof": {"origin": "a", "key": "file:a.key", "witness": ["file:a"]}}"""), name => name switch
        {
            "AFTERIMAGE_ORIGIN" => "audit.example.com/orders",
            "AFTERIMAGE_SEAL_EVERY" => "2m",
            "AFTERIMAGE_KEY" => "kms:alias/audit",
            "AFTERIMAGE_WITNESS" => "file:b, s3://bucket/orders",
            _ => null,
        }).Proof;

        (options.Origin, options.SealEvery, options.Key).ShouldBe(("audit.example.com/orders", TimeSpan.FromMinutes(2), "kms:alias/audit"));
        options.Witness.ShouldBe(["file:b", "s3://bucket/orders"]);
    }

    [Theory]
    [InlineData("AFTERIMAGE_ORIGIN", "my trail", "AFTERIMAGE_ORIGIN is 'my trail', which cannot be signed under.")]
    [InlineData("AFTERIMAGE_SEAL_EVERY", "10ms", "AFTERIMAGE_SEAL_EVERY is less than a second.")]
    [InlineData("AFTERIMAGE_KEY", "a.key", "AFTERIMAGE_KEY is 'a.key', which is not the address of a signing key.")]
    [InlineData("AFTERIMAGE_WITNESS", "file:a,b", "AFTERIMAGE_WITNESS names 'b', which is not the address of a witness.")]
    public void A_wrong_variable_of_the_sealing_is_named(string variable, string value, string expected) =>
        Should.Throw<UsageException>(() => EnvironmentSettings.Apply(new AfterimageOptions(), name => name == variable ? value : null)).Problems.Single().What.ShouldBe(expected);

    [Fact]
    public void All_wrong_variables_are_reported_at_once() =>
        Should.Throw<UsageException>(() => EnvironmentSettings.Apply(new AfterimageOptions(), name => name.StartsWith("AFTERIMAGE_", StringComparison.Ordinal) ? "?" : null))
            .Problems.Count.ShouldBe(14);

    private static AfterimageOptions Read(string json) => ConfigurationFile.Read("test.json", Encoding.UTF8.GetBytes(json));
}
