using System.Net;
using System.Runtime.CompilerServices;
using Afterimage.Proof;
using Afterimage.Streams.Aws;
using Amazon.S3;
using Amazon.S3.Model;

namespace Afterimage.Sealing;

/// <summary>A witness in a bucket of Amazon S3: an object for each checkpoint, written only where there is none.</summary>
/// <remarks>
/// That nothing held is deleted or replaced is the bucket's matter, in an account that the trail's operator has no hand in: Object Lock with a default retention in compliance mode,
/// and a bucket policy that lets the operator put objects with <c>s3:if-none-match</c> alone, get and list them, and not delete any. Nothing but the condition is sent with an object.
/// </remarks>
internal sealed class S3Witness : IWitness
{
    /// <summary>The most keys that a listing shows at once (API reference, ListObjectsV2).</summary>
    public const int ListedMax = 1_000;

    private const int ReadsMax = 16;
    private const int AttemptsMax = 5;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly Address.InS3 place;
    private readonly SdkAccess access;
    private readonly TimeProvider time;
    private readonly int listedMax;
    private readonly AmazonS3Client s3;
    private readonly AwsCalls calls;

    /// <summary>Prepares calls without making any.</summary>
    /// <param name="uri">The witness's address, as the user wrote it.</param>
    /// <param name="place">Where its objects lie.</param>
    /// <param name="settings">How S3 is reached.</param>
    /// <param name="environment">The environment's variables by name.</param>
    /// <param name="time">The clock of waits.</param>
    /// <param name="listedMax">How many keys a listing shows at once.</param>
    /// <exception cref="AwsConfigurationException">Region, profile or endpoint are missing or wrong.</exception>
    public S3Witness(string uri, Address.InS3 place, AwsSettings settings, Func<string, string?> environment, TimeProvider time, int listedMax = ListedMax)
    {
        (Uri, this.place, this.time, this.listedMax) = (uri, place, time, listedMax);
        access = SdkAccess.Create(settings, environment);
        var config = access.Configure(new AmazonS3Config());
        // At an endpoint that was given, the bucket is no part of the host's name.
        config.ForcePathStyle = config.ServiceURL is not null;
        s3 = new AmazonS3Client(access.Credentials, config);
        var hint = $"The bucket {place.Bucket} must exist, in the region {access.Endpoints.Region} (AWS_REGION), and the credentials in force (aws sts get-caller-identity) "
            + "need s3:PutObject, s3:GetObject and s3:ListBucket on it. Another endpoint is set by AWS_ENDPOINT_URL_S3.";
        calls = new AwsCalls($"The witness {uri}", hint, s3.DetermineServiceOperationEndpoint);
    }

    private enum Put
    {
        Done,
        Held,
        InConflict,
    }

    /// <inheritdoc/>
    public string Uri { get; }

    /// <inheritdoc/>
    public async Task<SignedCheckpoint?> NewestAsync(long above, CancellationToken ct)
    {
        // Keys come in their order, so the last one is of the largest size.
        long? newest = null;
        await foreach (var size in SizesAsync(above, ct))
        {
            newest = size;
        }

        return newest is { } held ? await ReadAsync(held, ct) : null;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<SignedCheckpoint> AllAsync([EnumeratorCancellation] CancellationToken ct)
    {
        using var abandon = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var reads = new Queue<Task<SignedCheckpoint>>();
        try
        {
            await foreach (var size in SizesAsync(-1, abandon.Token))
            {
                if (reads.Count == ReadsMax)
                {
                    yield return await reads.Dequeue();
                }

                reads.Enqueue(ReadAsync(size, abandon.Token));
            }

            while (reads.TryDequeue(out var next))
            {
                yield return await next;
            }
        }
        finally
        {
            // Whoever stops early waits for what is under way, so that nothing is read through a client that is gone.
            await abandon.CancelAsync();
            await Task.WhenAll((IEnumerable<Task>)reads).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <inheritdoc/>
    public async Task<SignedCheckpoint> WitnessAsync(SignedCheckpoint checkpoint, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            var put = await PutAsync(checkpoint, ct);
            if (put != Put.InConflict)
            {
                return put == Put.Done ? checkpoint : await ReadAsync(checkpoint.Checkpoint.Size, ct);
            }

            if (attempt == AttemptsMax)
            {
                throw new AfterimageException($"Others wrote to the witness {Uri} at the same moment, {attempt} times in a row.", "Find out who else writes there: a trail has one sealer.");
            }

            await Task.Delay(attempt * Pause, time, ct);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        s3.Dispose();
        access.Dispose();
    }

    private async Task<Put> PutAsync(SignedCheckpoint checkpoint, CancellationToken ct)
    {
        using var note = new MemoryStream(checkpoint.Note.ToArray());
        var request = new PutObjectRequest
        {
            BucketName = place.Bucket,
            Key = KeyOf(checkpoint.Checkpoint.Size),
            InputStream = note,
            ContentType = "text/plain; charset=utf-8",
            IfNoneMatch = "*",
            // A note is small enough to be signed as a whole.
            UseChunkEncoding = false,
        };
        return await calls.CallAsync(
            async (put, token) =>
            {
                try
                {
                    await s3.PutObjectAsync(put, token);
                    return Put.Done;
                }
                catch (AmazonS3Exception e) when (e.StatusCode is HttpStatusCode.PreconditionFailed)
                {
                    return Put.Held;
                }
                catch (AmazonS3Exception e) when (e.StatusCode is HttpStatusCode.Conflict)
                {
                    return Put.InConflict;
                }
            },
            request,
            ct);
    }

    private async Task<SignedCheckpoint> ReadAsync(long size, CancellationToken ct)
    {
        var request = new GetObjectRequest { BucketName = place.Bucket, Key = KeyOf(size) };
        var note = await calls.CallAsync(
            async (get, token) =>
            {
                using var answer = await s3.GetObjectAsync(get, token);
                var buffer = new byte[HeldNote.BytesMax + 1];
                return buffer[..await answer.ResponseStream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, token)];
            },
            request,
            ct);
        return HeldNote.Read(note, size, Uri);
    }

    private async IAsyncEnumerable<long> SizesAsync(long above, [EnumeratorCancellation] CancellationToken ct)
    {
        var request = new ListObjectsV2Request
        {
            BucketName = place.Bucket,
            Prefix = place.Folder,
            StartAfter = above < 0 ? null : KeyOf(above),
            MaxKeys = listedMax,
        };
        do
        {
            var page = await calls.CallAsync(s3.ListObjectsV2Async, request, ct);
            // The console makes an object of the folder's own name.
            foreach (var found in (page.S3Objects ?? []).Where(found => found.Key != place.Folder))
            {
                yield return HeldNote.SizeOf(found.Key.AsSpan(place.Folder.Length), Uri);
            }

            request.ContinuationToken = page.NextContinuationToken;
        }
        while (!string.IsNullOrEmpty(request.ContinuationToken));
    }

    private string KeyOf(long size) => place.Folder + HeldNote.NameOf(size);
}
