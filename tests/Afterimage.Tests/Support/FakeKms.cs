using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace Afterimage.Tests.Support;

/// <summary>GetPublicKey and Sign as the documentation of KMS has them (JSON 1.1), for one key that is made with it.</summary>
internal sealed class FakeKms : IDisposable
{
    public const string Arn = "arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";
    public const string Alias = "alias/afterimage";

    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly LocalHttp http;

    public FakeKms() => http = new LocalHttp((request, body) =>
    {
        var (status, answer) = Answer(request, JsonNode.Parse(body)!.AsObject());
        return (status, answer.ToJsonString());
    });

    public string Endpoint => http.Endpoint;

    public byte[] Spki => key.ExportSubjectPublicKeyInfo();

    public string Spec { get; set; } = "ECC_NIST_P256";

    public string Usage { get; set; } = "SIGN_VERIFY";

    /// <summary>Hashes a digest once more, as some imitations of KMS do.</summary>
    public bool HashesTwice { get; set; }

    /// <summary>Signs with a key that is not the one whose public key it gives.</summary>
    public bool SignsWithAnother { get; set; }

    /// <summary>The error that every call gets; null is none.</summary>
    public string? Error { get; set; }

    /// <summary>What was called, with the key id and the region it was signed for.</summary>
    public List<string> Calls { get; } = [];

    public void Dispose()
    {
        http.Dispose();
        key.Dispose();
    }

    private (int Status, JsonObject Answer) Answer(HttpListenerRequest request, JsonObject body)
    {
        var target = request.Headers["X-Amz-Target"] ?? string.Empty;
        var region = request.Headers["Authorization"]!.Split('/')[2];
        Calls.Add($"{target} {body["KeyId"]} {region}");
        return (Error, target) switch
        {
            ({ } error, _) => Refuse(error, "as the test wants it"),
            _ when body["KeyId"]!.GetValue<string>() is not (Arn or Alias) => Refuse("NotFoundException", "no such key"),
            (_, "TrentService.GetPublicKey") => (200, new JsonObject
            {
                ["KeyId"] = Arn,
                ["PublicKey"] = Convert.ToBase64String(Spki),
                ["KeySpec"] = Spec,
                ["CustomerMasterKeySpec"] = Spec,
                ["KeyUsage"] = Usage,
                ["SigningAlgorithms"] = new JsonArray("ECDSA_SHA_256"),
            }),
            (_, "TrentService.Sign") => Sign(body),
            _ => Refuse("UnknownOperationException", target),
        };
    }

    private (int Status, JsonObject Answer) Sign(JsonObject body)
    {
        var message = Convert.FromBase64String(body["Message"]!.GetValue<string>());
        if (body["MessageType"]?.GetValue<string>() != "DIGEST" || body["SigningAlgorithm"]?.GetValue<string>() != "ECDSA_SHA_256" || message.Length != SHA256.HashSizeInBytes)
        {
            return Refuse("ValidationException", "Digest is invalid length for algorithm ECDSA_SHA_256.");
        }

        using var another = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var signature = (SignsWithAnother ? another : key).SignHash(HashesTwice ? SHA256.HashData(message) : message, DSASignatureFormat.Rfc3279DerSequence);
        return (200, new JsonObject { ["KeyId"] = Arn, ["Signature"] = Convert.ToBase64String(signature), ["SigningAlgorithm"] = "ECDSA_SHA_256" });
    }

    private static (int Status, JsonObject Answer) Refuse(string error, string message) => (400, new JsonObject { ["__type"] = error, ["message"] = message });
}
