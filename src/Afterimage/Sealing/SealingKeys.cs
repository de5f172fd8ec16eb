using Afterimage.Streams.Aws;
using Afterimage.Trail;

namespace Afterimage.Sealing;

/// <summary>Opens the key that checkpoints are signed with by its address.</summary>
public static class SealingKeys
{
    /// <summary>
    /// Opens the key at an address: <c>file:PATH</c>, a PEM file of this machine; <c>kms:ARN</c> or <c>kms:alias/NAME</c>, an <c>ECC_NIST_P256</c> key of AWS KMS.
    /// </summary>
    /// <param name="uri">The address.</param>
    /// <param name="mode">Whether a file is made where there is none; a key of KMS never is.</param>
    /// <param name="settings">How AWS is reached. Its endpoint is DynamoDB's and counts for nothing here: AWS_ENDPOINT_URL_KMS and AWS_ENDPOINT_URL do.</param>
    /// <param name="environment">The environment's variables by name.</param>
    /// <exception cref="UsageException">No key has such an address.</exception>
    /// <exception cref="AfterimageException">The file cannot be read or made, or holds no such key. Keys of KMS are looked at when they are first used.</exception>
    /// <exception cref="AwsConfigurationException">Region, profile or endpoint are missing or wrong.</exception>
    public static ISigningKey Open(string uri, OpenMode mode, AwsSettings settings, Func<string, string?> environment) => Address.OfKey(uri) switch
    {
        Address.OnDisk file => LocalKey.Open(file.Path, mode),
        Address.InKms key => new KmsKey(uri, key.Id, settings with { Endpoint = null, Region = key.Region ?? settings.Region }, environment),
        _ => throw new UsageException($"'{uri}' is not the address of a signing key.", Address.KeyForms),
    };
}
