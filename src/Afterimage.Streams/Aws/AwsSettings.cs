namespace Afterimage.Streams.Aws;

/// <summary>How to reach AWS. What is null comes from the environment's variables, then from the profile, as with every AWS SDK.</summary>
/// <param name="Region">Such as <c>eu-west-1</c>; else AWS_REGION, AWS_DEFAULT_REGION, the profile's <c>region</c>.</param>
/// <param name="Profile">A profile of the shared credentials and config files. Given here, it goes before keys in the environment.</param>
/// <param name="Endpoint">The URL of both DynamoDB and DynamoDB Streams, such as DynamoDB Local's. Goes before AWS_ENDPOINT_URL.</param>
/// <param name="Role">The ARN of a role that is assumed with the credentials found; null uses those as they are.</param>
public sealed record AwsSettings(string? Region = null, string? Profile = null, string? Endpoint = null, string? Role = null);
