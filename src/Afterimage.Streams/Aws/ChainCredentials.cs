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
        "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, name a profile, or sign in with 'aws sso login'. "
        + "For DynamoDB Local any letters and digits will do.";

    private const string RoleHint =
        "Check that the role exists, that its trust policy names the credentials in force (aws sts get-caller-identity), and that these allow sts:AssumeRole.";

    // CloudTrail shows the session's name beside every call.
    private const string SessionName = "afterimage";

    private readonly AWSCredentials? only;
    private readonly string? role;
    private readonly AssumeRoleAWSCredentials? assumed;
    private readonly DefaultAWSCredentialsIdentityResolver chain = new();
    private readonly AmazonDynamoDBConfig config;
    private volatile bool everFound;

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
            only = environment("AWS_SESSION_TOKEN") is { Length: > 0 } token
                ? new SessionAWSCredentials(key, secret, token)
                : new BasicAWSCredentials(key, secret);
        }
    }

    /// <summary>Puts one source in place of the chain.</summary>
    public ChainCredentials(AWSCredentials source)
    {
        config = new AmazonDynamoDBConfig();
        only = source;
    }

    private ChainCredentials(string role, ChainCredentials source)
    {
        config = new AmazonDynamoDBConfig();
        this.role = role;
        assumed = new AssumeRoleAWSCredentials(source, role, SessionName);
        only = assumed;
    }

    /// <summary>Credentials of a role, which the SDK gets with others and renews before they expire.</summary>
    public static ChainCredentials Assuming(string role, ChainCredentials source) => new(role, source);

    /// <inheritdoc/>
    public override ImmutableCredentials GetCredentials()
    {
        try
        {
            var keys = (only ?? chain.ResolveIdentity(config)).GetCredentials();
            everFound = true;
            return keys;
        }
        catch (Exception e) when (IsOfSource(e, CancellationToken.None))
        {
            throw Missing(e);
        }
    }

    /// <inheritdoc/>
    public override Task<ImmutableCredentials> GetCredentialsAsync() => GetCredentialsAsync(CancellationToken.None);

    /// <summary>As <see cref="GetCredentials"/>; the search is abandoned with the token.</summary>
    /// <exception cref="AwsConfigurationException">No link of the chain has any.</exception>
    /// <exception cref="AwsException">There were some, and they cannot be renewed at the moment.</exception>
    public async Task<ImmutableCredentials> GetCredentialsAsync(CancellationToken ct)
    {
        try
        {
            var found = only ?? await chain.ResolveIdentityAsync(config, ct);
            var keys = await found.GetCredentialsAsync().WaitAsync(ct);
            everFound = true;
            return keys;
        }
        catch (Exception e) when (IsOfSource(e, ct))
        {
            throw Missing(e);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        assumed?.Dispose();
        chain.Dispose();
    }

    // A link that waits in vain gives up with a cancellation of its own.
    private static bool IsOfSource(Exception e, CancellationToken ct) => e is not OperationCanceledException || !ct.IsCancellationRequested;

    // The links of the chain throw what they like, from a missing profile to a refused role or a failed credential_process. At the
    // first call that is a matter for the operator; a worker that has run for days waits for the token service to come back.
    private Exception Missing(Exception e)
    {
        // The chain reports each of its links on a line of its own, as "Exception 1 of 4: why".
        var lines = e.Message.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        // One that was given nothing to look at complains of its own parameters, which tells an operator nothing.
        var links = lines.Where(line => line.StartsWith("Exception ", StringComparison.Ordinal) && !line.Contains("(Parameter '", StringComparison.Ordinal))
            .Select(line => line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..])
            .DefaultIfEmpty(string.Join(' ', lines));
        var why = string.Join("; ", links.Select(link => link.Trim(' ', '.')));
        var what = role is not null ? $"The role {role} cannot be assumed" : config.Profile is null ? "No AWS credentials were found" : $"The profile '{config.Profile.Name}' gives no AWS credentials";
        return everFound
            ? new AwsException(AwsErrors.CredentialsNotRenewed, $"{what}: {why}.", 0, null, e)
            : new AwsConfigurationException($"{what}: {why}.", role is null ? Hint : RoleHint, e);
    }
}
