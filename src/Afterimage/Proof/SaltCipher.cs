using System.Security.Cryptography;

namespace Afterimage.Proof;

/// <summary>AES-256 over whole blocks, each by itself, under a key that is new for every entry. Not for two threads.</summary>
internal sealed class SaltCipher : IDisposable
{
    private readonly OpenSslAes? direct = OpenSslAes.IsThere ? OpenSslAes.Create() : null;
    private readonly Aes? aes = OpenSslAes.IsThere ? null : Aes.Create();

    /// <summary>Encrypts so many blocks of 16 bytes.</summary>
    public void Encrypt(ReadOnlySpan<byte> key, ReadOnlySpan<byte> blocks, Span<byte> into)
    {
        if (direct is not null)
        {
            direct.Encrypt(key, blocks, into);
        }
        else
        {
            EncryptByDotNet(aes!, key, blocks, into);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        direct?.Dispose();
        aes?.Dispose();
    }

    /// <summary>The same by way of .NET, which is there on every machine.</summary>
    internal static void EncryptByDotNet(Aes aes, ReadOnlySpan<byte> key, ReadOnlySpan<byte> blocks, Span<byte> into)
    {
        aes.SetKey(key);
        aes.EncryptEcb(blocks, into, PaddingMode.None);
    }
}
