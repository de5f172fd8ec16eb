using Afterimage.Streams.Aws;
using Amazon.Runtime;
using Amazon.Runtime.Endpoints;

namespace Afterimage.Sealing;

/// <summary>Calls of AWS for a key or a witness: what fails is said with what the operator can do about it.</summary>
/// <param name="what">Whom the calls are for, as a sentence begins: <c>The witness s3://…</c>.</param>
/// <param name="hint">What must be there and allowed.</param>
/// <param name="endpointOf">Where a request goes; asked only if no answer came.</param>
internal sealed class AwsCalls(string what, string hint, Func<AmazonWebServiceRequest, Endpoint> endpointOf)
{
    /// <summary>Calls.</summary>
    /// <exception cref="AfterimageException">The service refuses, or does not answer.</exception>
    public async Task<TAnswer> CallAsync<TRequest, TAnswer>(Func<TRequest, CancellationToken, Task<TAnswer>> call, TRequest request, CancellationToken ct)
        where TRequest : AmazonWebServiceRequest
    {
        try
        {
            return await call(request, ct);
        }
        catch (Exception e) when (SdkErrors.IsFromSdk(e, ct))
        {
            var known = SdkErrors.Translate(e, () => new Uri(endpointOf(request).URL));
            throw new AfterimageException($"{what} cannot be used: {known.Message}", known is AwsConfigurationException configuration ? configuration.Hint : hint, known);
        }
    }
}
