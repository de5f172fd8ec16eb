using Afterimage.IntegrationTests.Support;
using Afterimage.Sealing;
using Afterimage.Streams.Aws;
using Afterimage.Tests.Contracts;
using Afterimage.Trail;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

namespace Afterimage.IntegrationTests.Sealing;

/// <summary>A witness in an emulated S3, in a bucket that locks its objects.</summary>
public sealed class S3WitnessTests(S3WitnessTests.Emulation emulation) : WitnessContract, IClassFixture<S3WitnessTests.Emulation>
{
    private readonly string prefix = $"trails/{TestContext.Current.TestMethod!.MethodName}-{TestContext.Current.Test!.UniqueID[..8]}";

    // The emulation looks first and writes then: of two writers who meet, it tells both that they came first. S3 does not.
    protected override bool MayMeet => false;

    [Fact]
    public async Task An_object_is_named_by_the_size_and_is_the_note_as_text()
    {
        var witness = await WitnessAsync();
        var checkpoint = Signed(1031, "a");
        await witness.WitnessAsync(checkpoint, Ct);

        using var held = await emulation.S3.GetObjectAsync(Emulation.Bucket, $"{prefix}/00000000000000001031", Ct);

        using var note = new MemoryStream();
        await held.ResponseStream.CopyToAsync(note, Ct);
        note.ToArray().ShouldBe(checkpoint.Note.ToArray());
        held.Headers.ContentType.ShouldStartWith("text/plain");
    }

    [Fact]
    public async Task Nothing_but_one_version_of_each_object_was_ever_written()
    {
        var witness = await WitnessAsync();
        await witness.WitnessAsync(Signed(9, "a"), Ct);
        await witness.WitnessAsync(Signed(9, "b"), Ct);

        (await emulation.S3.ListVersionsAsync(Emulation.Bucket, prefix, Ct)).Versions.Count.ShouldBe(1);
    }

    [Fact]
    public async Task More_checkpoints_than_a_listing_shows_are_all_read_and_the_newest_is_found()
    {
        const int Count = 40;
        using var witness = new S3Witness("s3://paged", new Address.InS3(Emulation.Bucket, $"{prefix}/"), new AwsSettings(), emulation.Environment, TimeProvider.System, listedMax: 7);
        foreach (var size in Enumerable.Range(1, Count))
        {
            await witness.WitnessAsync(Signed(size, "a"), Ct);
        }

        var sizes = new List<long>();
        await foreach (var held in witness.AllAsync(Ct))
        {
            sizes.Add(held.Checkpoint.Size);
        }

        sizes.ShouldBe(Enumerable.Range(1, Count).Select(size => (long)size));
        (await witness.NewestAsync(-1, Ct))!.Checkpoint.Size.ShouldBe(Count);
        (await witness.NewestAsync(Count - 1, Ct))!.Checkpoint.Size.ShouldBe(Count);
    }

    [Fact]
    public async Task The_folder_that_a_console_makes_is_no_checkpoint()
    {
        var witness = await WitnessAsync();
        await LeaveAsync(string.Empty, []);

        (await witness.NewestAsync(-1, Ct)).ShouldBeNull();
    }

    [Fact]
    public async Task A_bucket_that_is_not_there_is_said_with_the_rights_it_takes()
    {
        using var witness = At($"s3://no-such-bucket/{prefix}");

        foreach (var failing in new Func<Task>[] { () => witness.NewestAsync(-1, Ct), () => witness.WitnessAsync(Signed(9, "a"), Ct) })
        {
            var error = await Should.ThrowAsync<AfterimageException>(failing);
            error.Message.ShouldStartWith($"The witness s3://no-such-bucket/{prefix} cannot be used: NoSuchBucket: ");
            error.Hint.ShouldContain("s3:PutObject, s3:GetObject and s3:ListBucket");
        }
    }

    [Fact]
    public async Task A_bucket_without_a_prefix_holds_them_too()
    {
        await emulation.S3.PutBucketAsync(new PutBucketRequest { BucketName = "whole-bucket", ObjectLockEnabledForBucket = true }, Ct);
        using var witness = At("s3://whole-bucket");
        await witness.WitnessAsync(Signed(9, "a"), Ct);

        (await witness.NewestAsync(8, Ct))!.Checkpoint.Size.ShouldBe(9);
        (await emulation.S3.ListObjectsAsync("whole-bucket", Ct)).S3Objects.Single().Key.ShouldBe("00000000000000000009");
    }

    protected override Task<IWitness> OpenAsync() => Task.FromResult(At($"s3://{Emulation.Bucket}/{prefix}/"));

    protected override Task LeaveAsync(string name, byte[] content) =>
        emulation.S3.PutObjectAsync(new PutObjectRequest { BucketName = Emulation.Bucket, Key = $"{prefix}/{name}", InputStream = new MemoryStream(content) }, Ct);

    private IWitness At(string uri) => Witnesses.Open(uri, OpenMode.CreateOrWrite, new AwsSettings(Endpoint: "http://127.0.0.1:1"), emulation.Environment, TimeProvider.System);

    /// <summary>An S3 with a bucket whose objects are kept for a day by default.</summary>
    public sealed class Emulation : IAsyncLifetime
    {
        public const string Bucket = "afterimage-witness";

        private EmulatedAws? aws;

        public AmazonS3Client S3 { get; private set; } = null!;

        public string? Environment(string name) => name switch
        {
            "AWS_ACCESS_KEY_ID" or "AWS_SECRET_ACCESS_KEY" => "afterimage",
            "AWS_REGION" => "us-east-1",
            "AWS_ENDPOINT_URL_S3" => aws!.Endpoint.ToString(),
            _ => null,
        };

        public async ValueTask InitializeAsync()
        {
            aws = await EmulatedAws.StartAsync(Ct);
            S3 = new AmazonS3Client(
                new BasicAWSCredentials("afterimage", "afterimage"), new AmazonS3Config { ServiceURL = aws.Endpoint.ToString(), AuthenticationRegion = "us-east-1", ForcePathStyle = true });
            await S3.PutBucketAsync(new PutBucketRequest { BucketName = Bucket, ObjectLockEnabledForBucket = true }, Ct);
            var retention = new DefaultRetention { Mode = ObjectLockRetentionMode.Compliance, Days = 1 };
            var configuration = new ObjectLockConfiguration { ObjectLockEnabled = ObjectLockEnabled.Enabled, Rule = new ObjectLockRule { DefaultRetention = retention } };
            await S3.PutObjectLockConfigurationAsync(new PutObjectLockConfigurationRequest { BucketName = Bucket, ObjectLockConfiguration = configuration }, Ct);
        }

        public ValueTask DisposeAsync()
        {
            S3?.Dispose();
            aws?.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
