using System.Runtime.InteropServices;

namespace Afterimage.Proof;

/// <summary>
/// AES-256 by the OpenSSL that .NET uses as well, with one context for many keys. A key is used for one entry alone, and .NET makes a context anew for each, which
/// takes longer than to encrypt all of an entry's blocks. Not for two threads.
/// </summary>
/// <remarks>Where there is no such library (Windows, macOS) <see cref="SaltCipher"/> asks .NET.</remarks>
internal sealed class OpenSslAes : SafeHandle
{
    private const string Library = "libcrypto.so.3";
    private const int KeyBytes = 32;
    private const int BlockBytes = 16;

    private static readonly string[] Functions =
        ["EVP_CIPHER_CTX_new", "EVP_CIPHER_CTX_free", "EVP_aes_256_ecb", "EVP_EncryptInit_ex", "EVP_EncryptUpdate"];

    /// <summary>No context yet.</summary>
    public OpenSslAes()
        : base(nint.Zero, ownsHandle: true)
    {
    }

    /// <summary>Whether the library and its functions are there.</summary>
    public static bool IsThere { get; } = OperatingSystem.IsLinux()
        && NativeLibrary.TryLoad(Library, out var library)
        && Functions.All(name => NativeLibrary.TryGetExport(library, name, out _));

    /// <inheritdoc/>
    public override bool IsInvalid => handle == nint.Zero;

    /// <summary>A context without a key.</summary>
    /// <exception cref="InvalidOperationException">OpenSSL does not give one.</exception>
    public static OpenSslAes Create()
    {
        var made = new OpenSslAes();
        made.SetHandle(NewContext());
        Demand(made.IsInvalid ? 0 : InitCipher(made.handle, Aes256Ecb(), nint.Zero, nint.Zero, nint.Zero));
        return made;
    }

    /// <summary>Encrypts whole blocks, each by itself.</summary>
    public void Encrypt(ReadOnlySpan<byte> key, ReadOnlySpan<byte> blocks, Span<byte> into)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(key.Length, KeyBytes);
        ArgumentOutOfRangeException.ThrowIfNotEqual(blocks.Length % BlockBytes, 0);
        ArgumentOutOfRangeException.ThrowIfLessThan(into.Length, blocks.Length);
        ObjectDisposedException.ThrowIf(IsClosed, this);
        // Padding would come with the end, which is never asked for, and to turn it off takes as long as the key does.
        Demand(InitKey(handle, nint.Zero, nint.Zero, in MemoryMarshal.GetReference(key), nint.Zero));
        Demand(Update(handle, ref MemoryMarshal.GetReference(into), out var written, in MemoryMarshal.GetReference(blocks), blocks.Length));
        ArgumentOutOfRangeException.ThrowIfNotEqual(written, blocks.Length);
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        Free(handle);
        return true;
    }

    private static void Demand(int answer)
    {
        if (answer != 1)
        {
            throw new InvalidOperationException("OpenSSL refused to encrypt.");
        }
    }

    [DllImport(Library, EntryPoint = "EVP_CIPHER_CTX_new", CallingConvention = CallingConvention.Cdecl)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint NewContext();

    [DllImport(Library, EntryPoint = "EVP_CIPHER_CTX_free", CallingConvention = CallingConvention.Cdecl)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern void Free(nint context);

    [DllImport(Library, EntryPoint = "EVP_aes_256_ecb", CallingConvention = CallingConvention.Cdecl)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint Aes256Ecb();

    [DllImport(Library, EntryPoint = "EVP_EncryptInit_ex", CallingConvention = CallingConvention.Cdecl)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int InitCipher(nint context, nint cipher, nint engine, nint key, nint vector);

    [DllImport(Library, EntryPoint = "EVP_EncryptInit_ex", CallingConvention = CallingConvention.Cdecl)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int InitKey(nint context, nint cipher, nint engine, in byte key, nint vector);

    [DllImport(Library, EntryPoint = "EVP_EncryptUpdate", CallingConvention = CallingConvention.Cdecl)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Update(nint context, ref byte into, out int written, in byte blocks, int length);
}
