using System.Security.Cryptography;
using System.Text;
using Afterimage.Proof;
using Afterimage.Sealing;
using Afterimage.Streams.Aws;
using Afterimage.Tests.Support;
using Afterimage.Trail;

namespace Afterimage.Tests.Sealing;

/// <summary>What S3 answers when others write at the same moment, which no emulation of it does. That it holds checkpoints is shown by the contract.</summary>
public sealed class S3WitnessTests : IDisposable
{
    private readonly Queue<(int Status, string Body)> answers = new();
    private readonly List<string> requests = [];
    private readonly LocalHttp s3;
    private readonly IWitness witness;

    public S3WitnessTests()
    {
        s3 = new LocalHttp((request, _) =>
        {
            requests.Add($"{request.HttpMethod} {request.RawUrl} {request.Headers["If-None-Match"]}".TrimEnd());
            return answers.Dequeue();
        });
        witness = Witnesses.Open("s3://audit-witness/orders/", OpenMode.CreateOrWrite, new AwsSettings(), Environment, new LeapingTime());
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        witness.Dispose();
        s3.Dispose();
    }

    [Fact]
    public async Task Who_meets_others_tries_again_and_gets_what_they_wrote()
    {
        var (mine, theirs) = (Signed("mine"), Signed("theirs"));
        Answers(Conflict, Conflict, (412, Error("PreconditionFailed")), (200, Encoding.UTF8.GetString(theirs.Note.Span)));

        var held = await witness.WitnessAsync(mine, Ct);

        held.Note.ToArray().ShouldBe(theirs.Note.ToArray());
        const string Put = "PUT /audit-witness/orders/00000000000000000009 *";
        requests.ShouldBe([Put, Put, Put, "GET /audit-witness/orders/00000000000000000009"]);
    }

    [Fact]
    public async Task Who_meets_others_every_time_gives_up()
    {
        Answers([.. Enumerable.Repeat(Conflict, 5)]);

        var error = await Should.ThrowAsync<AfterimageException>(() => witness.WitnessAsync(Signed("mine"), Ct));

        error.Message.ShouldBe("Others wrote to the witness s3://audit-witness/orders/ at the same moment, 5 times in a row.");
        answers.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_S3_refuses_is_said_with_the_rights_it_takes()
    {
        Answers((403, Error("AccessDenied")));

        var error = await Should.ThrowAsync<AfterimageException>(() => witness.WitnessAsync(Signed("mine"), Ct));

        error.Message.ShouldBe("The witness s3://audit-witness/orders/ cannot be used: AccessDenied: as the test wants it");
        error.Hint.ShouldContain("s3:PutObject, s3:GetObject and s3:ListBucket");
        error.InnerException.ShouldBeOfType<AccessDeniedException>();
    }

    private static (int Status, string Body) Conflict => (409, Error("ConditionalRequestConflict"));

    private static string Error(string code) => $"<Error><Code>{code}</Code><Message>as the test wants it</Message></Error>";

    private static SignedCheckpoint Signed(string root)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var checkpoint = new Checkpoint("audit.example.com/orders", 9, Sha256Hash.Of(Encoding.UTF8.GetBytes(root)));
        var signature = key.SignData(checkpoint.ToText(), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        return SignedCheckpoint.Of(checkpoint, VerifierKey.Of(checkpoint.Origin, key.ExportSubjectPublicKeyInfo()), signature);
    }

    private void Answers(params (int Status, string Body)[] prepared)
    {
        foreach (var one in prepared)
        {
            answers.Enqueue(one);
        }
    }

    private string? Environment(string name) => name switch
    {
        "AWS_ACCESS_KEY_ID" or "AWS_SECRET_ACCESS_KEY" => "local",
        "AWS_REGION" => "us-west-2",
        "AWS_ENDPOINT_URL_S3" => s3.Endpoint,
        _ => null,
    };
}
