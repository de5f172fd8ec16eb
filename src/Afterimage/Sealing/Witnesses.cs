using Afterimage.Streams.Aws;
using Afterimage.Trail;

namespace Afterimage.Sealing;

/// <summary>Opens a witness by its address.</summary>
public static class Witnesses
{
    /// <summary>Opens the witness at an address: <c>file:FOLDER</c> on this machine, or <c>s3://BUCKET/PREFIX</c>.</summary>
    /// <param name="uri">The address.</param>
    /// <param name="mode">Whether a folder is made where there is none; a bucket never is.</param>
    /// <param name="settings">How AWS is reached. Its endpoint is DynamoDB's and counts for nothing here: AWS_ENDPOINT_URL_S3 and AWS_ENDPOINT_URL do.</param>
    /// <param name="environment">The environment's variables by name.</param>
    /// <param name="time">The clock of waits.</param>
    /// <exception cref="UsageException">No witness has such an address.</exception>
    /// <exception cref="AfterimageException">The folder is missing or cannot be made. Buckets are looked at when they are first used.</exception>
    /// <exception cref="AwsConfigurationException">Region, profile or endpoint are missing or wrong.</exception>
    public static IWitness Open(string uri, OpenMode mode, AwsSettings settings, Func<string, string?> environment, TimeProvider time) => Address.OfWitness(uri) switch
    {
        Address.OnDisk folder => FolderWitness.Open(uri, folder.Path, mode),
        Address.InS3 place => new S3Witness(uri, place, settings with { Endpoint = null }, environment, time),
        _ => throw new UsageException($"'{uri}' is not the address of a witness.", Address.WitnessForms),
    };
}
