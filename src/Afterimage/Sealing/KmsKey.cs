using System.Security.Cryptography;
using Afterimage.Proof;
using Afterimage.Streams.Aws;
using Amazon.KeyManagementService;
using Amazon.KeyManagementService.Model;

namespace Afterimage.Sealing;

/// <summary>A signing key that never leaves AWS KMS: an asymmetric key of the spec <c>ECC_NIST_P256</c> for <c>SIGN_VERIFY</c>.</summary>
/// <remarks>
/// Its public key is asked for once. Each signature is checked with it before it is handed out: one that nobody can verify must not be under a
/// checkpoint, and some imitations of KMS make such.
/// </remarks>
internal sealed class KmsKey : ISigningKey
{
    private const string Hint =
        "The key must exist in this account and region, be enabled, and be of the spec ECC_NIST_P256 for SIGN_VERIFY; the credentials in force "
        + "(aws sts get-caller-identity) need kms:GetPublicKey and kms:Sign. Another endpoint is set by AWS_ENDPOINT_URL_KMS.";

    private readonly string uri;
    private readonly string id;
    private readonly SdkAccess access;
    private readonly AmazonKeyManagementServiceClient kms;
    private readonly AwsCalls calls;
    private VerifierKey? known;

    /// <summary>Prepares calls without making any.</summary>
    /// <param name="uri">The key's address, as the user wrote it.</param>
    /// <param name="id">Its ARN or its alias.</param>
    /// <param name="settings">How KMS is reached.</param>
    /// <param name="environment">The environment's variables by name.</param>
    /// <exception cref="AwsConfigurationException">Region, profile or endpoint are missing or wrong.</exception>
    public KmsKey(string uri, string id, AwsSettings settings, Func<string, string?> environment)
    {
        (this.uri, this.id) = (uri, id);
        access = SdkAccess.Create(settings, environment);
        kms = new AmazonKeyManagementServiceClient(access.Credentials, access.Configure(new AmazonKeyManagementServiceConfig()));
        calls = new AwsCalls($"The signing key {uri}", Hint, kms.DetermineServiceOperationEndpoint);
    }

    /// <inheritdoc/>
    /// <exception cref="AfterimageException">KMS refuses or does not answer, or the key is not one that signs checkpoints.</exception>
    public async Task<VerifierKey> VerifierAsync(string name, CancellationToken ct) => VerifierKey.Of(name, (await KnownAsync(ct)).PublicKey);

    /// <inheritdoc/>
    /// <exception cref="AfterimageException">KMS refuses or does not answer, or gives a signature that the key's public key does not verify.</exception>
    public async Task<byte[]> SignAsync(ReadOnlyMemory<byte> text, CancellationToken ct)
    {
        var key = await KnownAsync(ct);
        var digest = SHA256.HashData(text.Span);
        using var message = new MemoryStream(digest);
        var request = new SignRequest { KeyId = id, Message = message, MessageType = MessageType.DIGEST, SigningAlgorithm = SigningAlgorithmSpec.ECDSA_SHA_256 };
        var signature = (await calls.CallAsync(kms.SignAsync, request, ct)).Signature?.ToArray() ?? [];
        if (key.HasSigned(text.Span, signature))
        {
            return signature;
        }

        // To verify is to hash first: verifying the digest asks whether it was hashed once more.
        throw new AfterimageException(
            $"The signing key {uri} gave a signature that its own public key does not verify: "
            + (key.HasSigned(digest, signature) ? "the digest was hashed a second time." : "it was made with another key, or of another text."),
            "Use AWS KMS itself: some imitations hash a digest again. If its alias was moved to another key, start anew.");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        kms.Dispose();
        access.Dispose();
    }

    private async Task<VerifierKey> KnownAsync(CancellationToken ct) => known ??= await AskAsync(ct);

    private async Task<VerifierKey> AskAsync(CancellationToken ct)
    {
        var answer = await calls.CallAsync(kms.GetPublicKeyAsync, new GetPublicKeyRequest { KeyId = id }, ct);
        if (answer.KeySpec != KeySpec.ECC_NIST_P256 || answer.KeyUsage != KeyUsageType.SIGN_VERIFY)
        {
            throw new AfterimageException($"The signing key {uri} is of the spec {answer.KeySpec} for {answer.KeyUsage}.", Hint);
        }

        try
        {
            return VerifierKey.Of(id, answer.PublicKey?.ToArray() ?? []);
        }
        catch (FormatException e)
        {
            throw new AfterimageException($"The signing key {uri} has a public key that cannot be used: {e.Message}", Hint, e);
        }
    }
}
