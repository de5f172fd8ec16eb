using System.Security.Cryptography;
using Afterimage.Hosting;
using Afterimage.Hosting.Permissions;
using Afterimage.IntegrationTests.Deploy;
using Afterimage.Proof;
using Afterimage.Sealing;
using Afterimage.Streams.Aws;
using Afterimage.Trail;

namespace Afterimage.IntegrationTests.Permissions;

/// <summary>The printed policy under moto's own judge, which knows the resources of S3, as it does of nothing else that is called here.</summary>
public sealed class EnforcedPolicyTests(EmulatedStacks aws) : IClassFixture<EmulatedStacks>
{
    private const string Uri = $"s3://{EmulatedStacks.Bucket}/trail";

    private readonly Dictionary<string, string> environment = new() { ["AWS_REGION"] = "us-east-1", ["AWS_ENDPOINT_URL_S3"] = aws.Endpoint };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_witness_is_written_and_read_under_the_policy_and_denied_without_any_one_action_of_it()
    {
        var options = new AfterimageOptions { Proof = new ProofOptions { Witness = [Uri] } };
        var whole = IamPolicies.Of(options, new AwsPlace("us-east-1", "123456789012"), new IamFunction("fn", null)).Single(one => one.Role == "worker").Policy;
        await aws.AskAsync("iam", "2010-05-08", "CreateUser", ("UserName", "worker"));
        var key = await aws.AskAsync("iam", "2010-05-08", "CreateAccessKey", ("UserName", "worker"));
        environment["AWS_ACCESS_KEY_ID"] = key.Descendants().Single(element => element.Name.LocalName == "AccessKeyId").Value;
        environment["AWS_SECRET_ACCESS_KEY"] = key.Descendants().Single(element => element.Name.LocalName == "SecretAccessKey").Value;

        await WorkAsync(whole, 1);
        foreach (var (statement, action) in whole.Statements.SelectMany(statement => statement.Actions.Select(action => (statement, action))))
        {
            var rest = new IamPolicy([.. whole.Statements.Select(one => one == statement ? one with { Actions = [.. one.Actions.Where(other => other != action)] } : one).Where(one => one.Actions.Count > 0)]);
            var error = await Should.ThrowAsync<AfterimageException>(() => WorkAsync(rest, 2), action);
            error.InnerException.ShouldBeOfType<AccessDeniedException>(action);
        }
    }

    private async Task WorkAsync(IamPolicy policy, long size)
    {
        await aws.EnforceAsync(isStrict: false);
        await aws.AskAsync("iam", "2010-05-08", "PutUserPolicy", ("UserName", "worker"), ("PolicyName", "afterimage"), ("PolicyDocument", policy.ToJson()));
        await aws.EnforceAsync(isStrict: true);
        using var witness = Witnesses.Open(Uri, OpenMode.CreateOrWrite, new AwsSettings(), environment.GetValueOrDefault, TimeProvider.System);
        await witness.NewestAsync(-1, Ct);
        await witness.WitnessAsync(Signed(size), Ct);
    }

    private static SignedCheckpoint Signed(long size)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var checkpoint = new Checkpoint("audit.example.com/orders", size, Sha256Hash.Of([]));
        return SignedCheckpoint.Of(checkpoint, VerifierKey.Of(checkpoint.Origin, key.ExportSubjectPublicKeyInfo()), key.SignData(checkpoint.ToText(), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));
    }
}
