using System.Security.Cryptography;
using Afterimage.Proof;

namespace Afterimage.Tests.Proof;

public sealed class VerifierKeyTests
{
    // The public key of Rekor, Sigstore's log, and the id that its checkpoints carry.
    private const string Rekor =
        "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE2G2Y+2tabdTV5BcGiBIx0a9fAFwrkBbmLSGtks4L3qX6yYY0zufBnhC8Ur/iy55GhWP/9A/bY2LhC30M9+RYtw==";

    [Fact]
    public void The_id_of_a_published_key_is_the_published_one() =>
        VerifierKey.Of("rekor.sigstore.dev", Convert.FromBase64String(Rekor)).Id.ShouldBe(0xc0d23d6a);

    [Fact]
    public void A_key_is_read_back_from_its_text()
    {
        var key = VerifierKey.Of("rekor.sigstore.dev", Convert.FromBase64String(Rekor));
        var text = key.ToString();

        text.ShouldStartWith("rekor.sigstore.dev+c0d23d6a+A");
        Convert.FromBase64String(text.Split('+', 3)[2]).ShouldBe([0x02, .. Convert.FromBase64String(Rekor)]);
        VerifierKey.Parse(text).ShouldBe(key);
        VerifierKey.Parse(text).GetHashCode().ShouldBe(key.GetHashCode());
        VerifierKey.Parse(text).PublicKey.ToArray().ShouldBe(Convert.FromBase64String(Rekor));
        key.ShouldNotBe(VerifierKey.Of("rekor.example.com", Convert.FromBase64String(Rekor)));
    }

    [Fact]
    public void A_key_whose_text_was_changed_is_refused()
    {
        using var sample = new SampleKey();
        var text = sample.Verifier.ToString();

        for (var at = 0; at < text.Length; at++)
        {
            var changed = $"{text[..at]}{(text[at] == '+' ? '/' : '+')}{text[(at + 1)..]}";
            Should.Throw<FormatException>(() => VerifierKey.Parse(changed), changed);
            Should.Throw<FormatException>(() => VerifierKey.Parse(text[..at]), text[..at]);
        }

        Should.Throw<FormatException>(() => VerifierKey.Parse(text + "\n"));
        Should.Throw<FormatException>(() => VerifierKey.Parse(text.ToUpperInvariant()));
    }

    [Fact]
    public void A_key_of_another_type_is_refused()
    {
        var publicKey = Convert.FromBase64String(Rekor);

        // 0x01 is Ed25519.
        Should.Throw<FormatException>(() => VerifierKey.Parse($"name+c0d23d6a+{Convert.ToBase64String([0x01, .. publicKey])}")).Message.ShouldContain("0x02");
        Should.Throw<FormatException>(() => VerifierKey.Parse("name+c0d23d6a+"));
    }

    [Fact]
    public void A_key_of_another_curve_or_algorithm_is_refused()
    {
        using var p384 = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using var rsa = RSA.Create(2_048);

        Should.Throw<FormatException>(() => VerifierKey.Of("name", p384.ExportSubjectPublicKeyInfo())).Message.ShouldContain("P-256");
        Should.Throw<FormatException>(() => VerifierKey.Of("name", rsa.ExportSubjectPublicKeyInfo()));
        Should.Throw<FormatException>(() => VerifierKey.Of("name", []));
        Should.Throw<FormatException>(() => VerifierKey.Of("name", [.. Convert.FromBase64String(Rekor), 0]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a+b")]
    [InlineData("a\nb")]
    [InlineData("a\u0085")]
    [InlineData("a\u2003b")]
    public void A_name_that_cannot_stand_in_a_note_is_refused(string name) =>
        Should.Throw<FormatException>(() => VerifierKey.Of(name, Convert.FromBase64String(Rekor)));

    [Fact]
    public void A_key_knows_its_own_signatures()
    {
        using var ours = new SampleKey();
        using var other = new SampleKey(2);
        var signature = ours.Sign("text"u8);

        ours.Verifier.HasSigned("text"u8, signature).ShouldBeTrue();
        ours.Verifier.HasSigned("Text"u8, signature).ShouldBeFalse();
        other.Verifier.HasSigned("text"u8, signature).ShouldBeFalse();
    }

    [Fact]
    public void A_signature_that_is_damaged_is_none_and_nothing_breaks()
    {
        using var key = new SampleKey();
        var signature = key.Sign("text"u8);

        for (var at = 0; at < signature.Length; at++)
        {
            key.Verifier.HasSigned("text"u8, signature.AsSpan(0, at)).ShouldBeFalse();
            for (var bit = 1; bit < 256; bit <<= 1)
            {
                var damaged = signature.ToArray();
                damaged[at] ^= (byte)bit;
                key.Verifier.HasSigned("text"u8, damaged).ShouldBeFalse($"byte {at} xor {bit}");
            }
        }

        key.Verifier.HasSigned("text"u8, [.. signature, 0]).ShouldBeFalse();
        key.Verifier.HasSigned("text"u8, Convert.FromHexString("3006020100020100")).ShouldBeFalse();
    }
}
