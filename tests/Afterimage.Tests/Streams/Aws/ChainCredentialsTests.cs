using Afterimage.Streams.Aws;
using Amazon.Runtime;

namespace Afterimage.Tests.Streams.Aws;

public sealed class ChainCredentialsTests : IDisposable
{
    private readonly string file = Path.GetTempFileName();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => File.Delete(file);

    [Fact]
    public async Task Keys_and_token_of_the_environment_are_used()
    {
        using var credentials = new ChainCredentials(null, new Dictionary<string, string>
        {
            ["AWS_ACCESS_KEY_ID"] = "key",
            ["AWS_SECRET_ACCESS_KEY"] = "secret",
            ["AWS_SESSION_TOKEN"] = "token",
        }.GetValueOrDefault);

        var keys = await credentials.GetCredentialsAsync(Ct);

        (keys.AccessKey, keys.SecretKey, keys.Token).ShouldBe(("key", "secret", "token"));
    }

    [Fact]
    public async Task A_profile_that_is_named_goes_before_keys_of_the_environment()
    {
        await File.WriteAllTextAsync(file, "[audit-test]\naws_access_key_id = of-profile\naws_secret_access_key = secret\n", Ct);
        using var credentials = new ChainCredentials("audit-test", new Dictionary<string, string>
        {
            ["AWS_ACCESS_KEY_ID"] = "key",
            ["AWS_SECRET_ACCESS_KEY"] = "secret",
            ["AWS_SHARED_CREDENTIALS_FILE"] = file,
        }.GetValueOrDefault);

        (await credentials.GetCredentialsAsync(Ct)).AccessKey.ShouldBe("of-profile");
    }

    [Theory]
    [InlineData("")]
    [InlineData("[audit-test]\naws_access_key_id = half\n")]
    [InlineData("[audit-test]\ncredential_process = /bin/false\n")]
    [InlineData("[audit-test]\nrole_arn = arn:aws:iam::111122223333:role/x\nsource_profile = gone\n")]
    public async Task A_profile_without_usable_credentials_says_what_to_do(string profile)
    {
        await File.WriteAllTextAsync(file, profile, Ct);
        using var credentials = new ChainCredentials("audit-test", new Dictionary<string, string> { ["AWS_SHARED_CREDENTIALS_FILE"] = file }.GetValueOrDefault);

        var error = await Should.ThrowAsync<AwsConfigurationException>(() => credentials.GetCredentialsAsync(Ct));

        error.Message.ShouldContain("audit-test");
        error.Hint.ShouldContain("AWS_ACCESS_KEY_ID");
    }

    [Fact]
    public void The_SDKs_own_clients_get_the_same_ones_without_waiting()
    {
        using var credentials = StubAws.Keys("token");
        using var none = new ChainCredentials("no-such-profile", new Dictionary<string, string> { ["AWS_SHARED_CREDENTIALS_FILE"] = file }.GetValueOrDefault);

        credentials.GetCredentials().Token.ShouldBe("token");
        Should.Throw<AwsConfigurationException>(none.GetCredentials);
    }

    [Fact]
    public async Task Credentials_that_were_there_before_may_come_back()
    {
        var source = new FailingCredentials();
        using var credentials = new ChainCredentials(source);
        await credentials.GetCredentialsAsync(Ct);
        source.Fails = true;

        var error = await Should.ThrowAsync<AwsException>(() => credentials.GetCredentialsAsync(Ct));

        error.Code.ShouldBe("CredentialsNotRenewed");
        error.Message.ShouldContain("the token service is down");
        RetryPlan.Classify(error).ShouldBe(AttemptFailure.Transient);
    }

    [Fact]
    public async Task Credentials_that_never_were_there_are_the_operators_to_give()
    {
        using var credentials = new ChainCredentials(new FailingCredentials { Fails = true });

        await Should.ThrowAsync<AwsConfigurationException>(() => credentials.GetCredentialsAsync(Ct));
    }

    [Fact]
    public async Task A_token_service_that_does_not_answer_is_down_and_the_callers_own_end_is_not()
    {
        var source = new FailingCredentials();
        using var credentials = new ChainCredentials(source);
        using var ended = new CancellationTokenSource();
        await credentials.GetCredentialsAsync(Ct);
        (source.Fails, source.Failure) = (true, new TaskCanceledException("no answer within 100 seconds"));

        var error = await Should.ThrowAsync<AwsException>(() => credentials.GetCredentialsAsync(ended.Token));
        await ended.CancelAsync();

        error.Code.ShouldBe("CredentialsNotRenewed");
        error.Message.ShouldContain("no answer within 100 seconds");
        Should.Throw<AwsException>(credentials.GetCredentials);
        await Should.ThrowAsync<OperationCanceledException>(() => credentials.GetCredentialsAsync(ended.Token));
    }

    private sealed class FailingCredentials : AWSCredentials
    {
        public bool Fails { get; set; }

        public Exception Failure { get; set; } = new AmazonClientException("the token service is down");

        public override ImmutableCredentials GetCredentials() => Fails ? throw Failure : new("key", "secret", null);
    }
}
