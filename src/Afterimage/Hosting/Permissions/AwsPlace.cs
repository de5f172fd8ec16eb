using Afterimage.Streams.Aws;

namespace Afterimage.Hosting.Permissions;

/// <summary>Whose what is written to lies, and where: the parts of ARNs that no name of a table or a topic says.</summary>
/// <param name="Region">The region; null where nobody said it.</param>
/// <param name="Account">The account; null where nobody said it.</param>
public sealed record AwsPlace(string? Region, string? Account)
{
    private const string Unknown = "*";

    /// <summary>The region that a run with these options would call.</summary>
    /// <exception cref="UsageException">The account is none.</exception>
    public static AwsPlace Of(AfterimageOptions options, Func<string, string?> environment, string? account)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(environment);
        if (account is not null && (account.Length != 12 || !account.All(char.IsAsciiDigit)))
        {
            throw new UsageException($"'{account}' is no account.", "Accounts are 12 digits: aws sts get-caller-identity --query Account --output text");
        }

        var profile = AwsProfile.InForce(new AwsSettings(options.Region, options.Profile), environment);
        string?[] said = [options.Region, environment("AWS_REGION"), environment("AWS_DEFAULT_REGION"), profile?.Region];
        return new AwsPlace(said.FirstOrDefault(region => !string.IsNullOrEmpty(region)), account);
    }

    /// <summary>The ARN of something here, or in another region.</summary>
    internal string Arn(string service, string resource, string? region = null)
    {
        var where = region ?? Region ?? Unknown;
        return $"arn:{PartitionOf(where)}:{service}:{where}:{Account ?? Unknown}:{resource}";
    }

    /// <summary>The ARN of a bucket, or of objects in it: these name neither region nor account.</summary>
    internal string S3(string resource) => $"arn:{PartitionOf(Region ?? Unknown)}:s3:::{resource}";

    // General reference, partitions. The others are closed to the public.
    private static string PartitionOf(string region) => region switch
    {
        _ when region.StartsWith("cn-", StringComparison.Ordinal) => "aws-cn",
        _ when region.StartsWith("us-gov-", StringComparison.Ordinal) => "aws-us-gov",
        _ => "aws",
    };
}
