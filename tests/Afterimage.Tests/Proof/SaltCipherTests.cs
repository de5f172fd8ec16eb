using System.Security.Cryptography;
using Afterimage.Proof;

namespace Afterimage.Tests.Proof;

public sealed class SaltCipherTests
{
    [Fact]
    public void Both_ways_of_encrypting_give_the_same()
    {
        using var cipher = new SaltCipher();
        using var aes = Aes.Create();
        var random = new Random(3);
        for (var round = 0; round < 500; round++)
        {
            var (key, blocks) = (new byte[32], new byte[16 * random.Next(70)]);
            random.NextBytes(key);
            random.NextBytes(blocks);
            var (left, right) = (new byte[blocks.Length], new byte[blocks.Length]);
            cipher.Encrypt(key, blocks, left);
            SaltCipher.EncryptByDotNet(aes, key, blocks, right);

            left.ShouldBe(right);
        }
    }

    // FIPS 197, appendix C.3.
    [Fact]
    public void The_published_example_comes_out()
    {
        using var cipher = new SaltCipher();
        var into = new byte[16];
        cipher.Encrypt(Convert.FromHexString("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"), Convert.FromHexString("00112233445566778899aabbccddeeff"), into);

        Convert.ToHexStringLower(into).ShouldBe("8ea2b7ca516745bfeafc49904b496089");
    }
}
