using Afterimage.Capture;
using Afterimage.Entries;
using Afterimage.Hosting;
using Afterimage.Streams.Aws;
using Afterimage.Tests.Support;

namespace Afterimage.Tests.Hosting;

/// <summary>One worker reads tables of many accounts and regions.</summary>
public sealed class AuditedAccountsTests : IDisposable
{
    private const string Reader = "arn:aws:iam::111111111111:role/reader";
    private const string Other = "arn:aws:iam::222222222222:role/reader";

    private readonly AuditedAccounts accounts = new(new AwsSettings(Region: "us-east-1"), _ => null, new LeapingTime(), new Random(1));

    public void Dispose() => accounts.Dispose();

    [Fact]
    public void A_table_is_in_its_own_region_and_else_in_that_of_the_run()
    {
        accounts.RegionOf(Table("eu-west-1", null)).Region.ShouldBe("eu-west-1");
        accounts.RegionOf(Table(null, null)).Region.ShouldBe("us-east-1");
        accounts.AccessOf(Table("eu-west-1", null)).StreamsEndpoint.Host.ShouldBe("streams.dynamodb.eu-west-1.amazonaws.com");
    }

    [Fact]
    public void Tables_of_one_region_and_role_share_their_clients()
    {
        accounts.RegionOf(Table("eu-west-1", Reader)).ShouldBeSameAs(accounts.RegionOf(Table("eu-west-1", Reader)));
        accounts.RegionOf(Table("eu-west-1", Reader)).ShouldNotBeSameAs(accounts.RegionOf(Table("eu-west-1", null)));
    }

    [Fact]
    public void Limits_count_for_an_account_and_region_whatever_role_it_is_read_with()
    {
        var limit = accounts.RegionOf(Table("eu-west-1", Reader)).Streams.Describes;

        accounts.RegionOf(Table("eu-west-1", Reader + "2")).Streams.Describes.ShouldBeSameAs(limit);
        accounts.RegionOf(Table("us-east-1", Reader)).Streams.Describes.ShouldNotBeSameAs(limit);
        accounts.RegionOf(Table("eu-west-1", Other)).Streams.Describes.ShouldNotBeSameAs(limit);
    }

    [Fact]
    public void A_role_tells_the_account() => accounts.RegionOf(Table(null, Other)).Account.ShouldBe("222222222222");

    [Fact]
    public async Task A_role_that_cannot_be_assumed_is_named_with_what_to_do()
    {
        var wrong = await Should.ThrowAsync<AwsConfigurationException>(() => accounts.RegionOf(Table(null, Reader)).Tables.DescribeAsync("Orders", TestContext.Current.CancellationToken));

        wrong.Message.ShouldStartWith($"The role {Reader} cannot be assumed");
        wrong.Hint.ShouldContain("sts:AssumeRole");
    }

    private static TableOptions Table(string? region, string? role) => new("Orders", TableRules.None) { Region = region, Role = role };
}
