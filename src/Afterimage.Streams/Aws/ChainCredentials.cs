using Amazon;
using Amazon.DynamoDBv2;
using Amazon.Runtime;
using Amazon.Runtime.Credentials;

namespace Afterimage.Streams.Aws;

/// <summary>
/// Credentials by the SDK's own chain: environment, web identity, profile (keys, assumed role, SSO, process), container, instance.
/// They are looked for at the first call, refreshed by the SDK, and shared by every client that holds this object.
/// </summary>
internal sealed class ChainCredentials : AWSCredentials, IDisposable
{
    private const string Hint =
        "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, name a profile, or sign in with 'aws sso login'. For DynamoDB Local any letters and digits will do.";

    private readonly AWSCredentials? fixedOnes;
    private readonly DefaultAWSCredentialsIdentityResolver chain = new();
    private readonly AmazonDynamoDBConfig config;

    /// <summary>Prepares the chain without any I/O.</summary>
    /// <param name="profile">A profile that goes before all else; null searches the whole chain.</param>
    /// <param name="environment">Read for keys and for the place of the credentials file, as the first link of the chain.</param>
    public ChainCredentials(string? profile, Func<string, string?> environment)
    {
        config = new AmazonDynamoDBConfig();
        if (profile is not null)
        {
            config.Profile = new Profile(profile, environment("AWS_SHARED_CREDENTIALS_FILE"));
        }
        else if (environment("AWS_ACCESS_KEY_ID") is { Length: > 0 } key && environment("AWS_SECRET_ACCESS_KEY") is { Length: > 0 } secret)
        {
            fixedOnes = environment("AWS_SESSION_TOKEN") is { Length: > 0 } token
                ? new SessionAWSCredentials(key, secret, token)
                : new BasicAWSCredentials(key, secret);
        }
    }

    /// <inheritdoc/>
    public override ImmutableCredentials GetCredentials()
    {
        try
        {
            return (fixedOnes ?? chain.ResolveIdentity(config)).GetCredentials();
        }
        catch (Exception e) when (IsMissing(e))
        {
            throw Missing(e);
        }
    }

    /// <inheritdoc/>
    public override Task<ImmutableCredentials> GetCredentialsAsync() => GetCredentialsAsync(CancellationToken.None);

    /// <summary>As <see cref="GetCredentials"/>; the search is abandoned with the token.</summary>
    /// <exception cref="AwsConfigurationException">No link of the chain has any.</exception>
    public async Task<ImmutableCredentials> GetCredentialsAsync(CancellationToken ct)
    {
        try
        {
            var found = fixedOnes ?? await chain.ResolveIdentityAsync(config, ct);
            return await found.GetCredentialsAsync().WaitAsync(ct);
        }
        catch (Exception e) when (IsMissing(e))
        {
            throw Missing(e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => chain.Dispose();

    // What the links of the chain throw, from a missing profile to a refused role or a failed credential_process.
    private static bool IsMissing(Exception e) =>
        e is AmazonClientException or AmazonServiceException or InvalidOperationException or ArgumentException or HttpRequestException or IOException;

    private AwsConfigurationException Missing(Exception e) => new(
        config.Profile is { Name: var name }
            ? $"The profile '{name}' gives no AWS credentials: {e.Message.Trim()}"
            : $"No AWS credentials were found: {e.Message.Trim()}",
        Hint,
        e);
}
