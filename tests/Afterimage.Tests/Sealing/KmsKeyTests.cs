using Afterimage.Sealing;
using Afterimage.Streams.Aws;
using Afterimage.Tests.Support;
using Afterimage.Trail;

namespace Afterimage.Tests.Sealing;

public sealed class KmsKeyTests : IDisposable
{
    private readonly FakeKms kms = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => kms.Dispose();

    [Fact]
    public async Task A_signature_is_made_over_the_digest_and_verified_by_the_public_key()
    {
        using var key = Open();
        var verifier = await key.VerifierAsync("audit.example.com/orders", Ct);

        var signature = await key.SignAsync("text"u8.ToArray(), Ct);

        verifier.PublicKey.ToArray().ShouldBe(kms.Spki);
        verifier.HasSigned("text"u8, signature).ShouldBeTrue();
    }

    [Fact]
    public async Task The_public_key_is_asked_for_once()
    {
        using var key = Open();

        await key.SignAsync("one"u8.ToArray(), Ct);
        await key.SignAsync("two"u8.ToArray(), Ct);
        await key.VerifierAsync("a", Ct);

        kms.Calls.ShouldBe(
            [$"TrentService.GetPublicKey {FakeKms.Arn} eu-central-1", $"TrentService.Sign {FakeKms.Arn} eu-central-1", $"TrentService.Sign {FakeKms.Arn} eu-central-1"]);
    }

    [Fact]
    public async Task An_alias_is_called_in_the_region_that_is_configured()
    {
        using var key = Open($"kms:{FakeKms.Alias}");

        await key.SignAsync("text"u8.ToArray(), Ct);

        kms.Calls.ShouldBe([$"TrentService.GetPublicKey {FakeKms.Alias} us-west-2", $"TrentService.Sign {FakeKms.Alias} us-west-2"]);
    }

    [Fact]
    public async Task The_endpoint_of_the_audited_tables_is_not_that_of_KMS()
    {
        using var key = SealingKeys.Open($"kms:{FakeKms.Arn}", OpenMode.ReadOnly, new AwsSettings(Endpoint: "http://127.0.0.1:1"), Environment("AWS_ENDPOINT_URL"));

        await Should.NotThrowAsync(() => key.SignAsync("text"u8.ToArray(), Ct));
    }

    [Fact]
    public async Task A_KMS_that_hashes_a_digest_again_is_found_out_before_anything_is_signed()
    {
        kms.HashesTwice = true;
        using var key = Open();

        var error = await Should.ThrowAsync<AfterimageException>(() => key.SignAsync("text"u8.ToArray(), Ct));

        error.Message.ShouldBe($"The signing key kms:{FakeKms.Arn} gave a signature that its own public key does not verify: the digest was hashed a second time.");
        error.Hint.ShouldStartWith("Use AWS KMS itself");
    }

    [Fact]
    public async Task A_signature_by_another_key_is_not_handed_out()
    {
        kms.SignsWithAnother = true;
        using var key = Open();

        (await Should.ThrowAsync<AfterimageException>(() => key.SignAsync("text"u8.ToArray(), Ct))).Message.ShouldEndWith("it was made with another key, or of another text.");
    }

    [Theory]
    [InlineData("ECC_NIST_P384", "SIGN_VERIFY")]
    [InlineData("RSA_2048", "SIGN_VERIFY")]
    [InlineData("ECC_NIST_P256", "KEY_AGREEMENT")]
    public async Task A_key_that_cannot_sign_checkpoints_is_refused(string spec, string usage)
    {
        (kms.Spec, kms.Usage) = (spec, usage);
        using var key = Open();

        var error = await Should.ThrowAsync<AfterimageException>(() => key.VerifierAsync("a", Ct));

        error.Message.ShouldBe($"The signing key kms:{FakeKms.Arn} is of the spec {spec} for {usage}.");
        error.Hint.ShouldContain("ECC_NIST_P256");
    }

    [Theory]
    [InlineData("AccessDeniedException")]
    [InlineData("NotFoundException")]
    [InlineData("DisabledException")]
    [InlineData("KMSInvalidStateException")]
    [InlineData("ThrottlingException")]
    public async Task What_KMS_refuses_is_said_with_the_rights_it_takes(string code)
    {
        kms.Error = code;
        using var key = Open();

        var error = await Should.ThrowAsync<AfterimageException>(() => key.SignAsync("text"u8.ToArray(), Ct));

        error.Message.ShouldBe($"The signing key kms:{FakeKms.Arn} cannot be used: {code}: as the test wants it");
        error.Hint.ShouldContain("kms:GetPublicKey and kms:Sign");
    }

    [Fact]
    public async Task A_KMS_that_does_not_answer_is_said_to_be_so()
    {
        using var key = Open();
        kms.Dispose();

        (await Should.ThrowAsync<AfterimageException>(() => key.SignAsync("text"u8.ToArray(), Ct))).InnerException.ShouldBeOfType<EndpointUnreachableException>();
    }

    [Fact]
    public async Task What_failed_once_is_tried_again()
    {
        kms.Error = "KMSInternalException";
        using var key = Open();
        await Should.ThrowAsync<AfterimageException>(() => key.VerifierAsync("a", Ct));

        kms.Error = null;
        (await key.VerifierAsync("a", Ct)).PublicKey.ToArray().ShouldBe(kms.Spki);
    }

    private ISigningKey Open(string uri = $"kms:{FakeKms.Arn}") => SealingKeys.Open(uri, OpenMode.ReadOnly, new AwsSettings(), Environment("AWS_ENDPOINT_URL_KMS"));

    private Func<string, string?> Environment(string endpoint) => name => name switch
    {
        "AWS_ACCESS_KEY_ID" or "AWS_SECRET_ACCESS_KEY" => "local",
        "AWS_REGION" => "us-west-2",
        _ => name == endpoint ? kms.Endpoint : null,
    };
}
