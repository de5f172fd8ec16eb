using System.Security.Cryptography;
using Afterimage.Proof;

namespace Afterimage.Tests.Proof;

/// <summary>Both ways to hash against the one-shot call of .NET.</summary>
public sealed class Sha256HashTests
{
    // FIPS 180-4's examples, as NIST publishes them.
    [Theory]
    [InlineData("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    [InlineData("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")]
    public void Published_hashes_come_out(string text, string hash) =>
        Sha256Hash.Of(System.Text.Encoding.ASCII.GetBytes(text)).ToString().ShouldBe(hash);

    [Fact]
    public void Every_length_over_five_blocks_and_a_megabyte_hash_alike_by_every_way()
    {
        var random = new Random(1);
        foreach (var length in Enumerable.Range(0, 321).Append(1_000_000))
        {
            var bytes = new byte[length];
            random.NextBytes(bytes);
            var expected = Convert.ToHexStringLower(SHA256.HashData(bytes));
            var byDotNet = new byte[Sha256Hash.Size];

            Sha256Hash.HashByDotNet(bytes.AsSpan(0, length / 3), bytes.AsSpan(length / 3), byDotNet);

            Sha256Hash.Of(bytes).ToString().ShouldBe(expected);
            Convert.ToHexStringLower(byDotNet).ShouldBe(expected);
            if (length > 0)
            {
                Sha256Hash.Of(bytes[0], bytes.AsSpan(1)).ToString().ShouldBe(expected);
            }
        }
    }

    [Fact]
    public void On_Linux_with_OpenSSL_3_its_own_functions_are_used()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Other systems hash by .NET alone.");

        OpenSslSha256.IsThere.ShouldBeTrue();
    }

    [Fact]
    public void Threads_that_hash_at_once_do_not_meet() =>
        Parallel.For(0, 2_000, at => Sha256Hash.Of(BitConverter.GetBytes(at)).ToString().ShouldBe(Convert.ToHexStringLower(SHA256.HashData(BitConverter.GetBytes(at)))));
}
