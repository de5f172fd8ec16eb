using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Afterimage.Proof;

/// <summary>
/// SHA-256 by the OpenSSL that .NET uses as well, called without its EVP layer. OpenSSL 3 looks the algorithm up anew whenever EVP begins a hash, which
/// takes ten times as long as to hash the hundred bytes that a disclosure has.
/// </summary>
/// <remarks>Where there is no such library (Windows, macOS, an OpenSSL built without these functions) <see cref="Sha256Hash"/> asks .NET.</remarks>
internal static class OpenSslSha256
{
    private const string Library = "libcrypto.so.3";
    private const int ShortMax = 1_024;

    /// <summary>Whether the library and all three functions are there.</summary>
    public static bool IsThere { get; } = OperatingSystem.IsLinux()
        && NativeLibrary.TryLoad(Library, out var library)
        && NativeLibrary.TryGetExport(library, "SHA256_Init", out _)
        && NativeLibrary.TryGetExport(library, "SHA256_Update", out _)
        && NativeLibrary.TryGetExport(library, "SHA256_Final", out _);

    /// <summary>The hash of two parts, one behind the other.</summary>
    public static void Hash(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, Span<byte> hash)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(hash.Length, Sha256Hash.Size);
        Unsafe.SkipInit(out State state);
        _ = Init(ref state);
        if (first.Length > 0)
        {
            _ = UpdateShort(ref state, in MemoryMarshal.GetReference(first), (nuint)first.Length);
        }

        _ = second.Length <= ShortMax
            ? UpdateShort(ref state, in MemoryMarshal.GetReference(second), (nuint)second.Length)
            : Update(ref state, in MemoryMarshal.GetReference(second), (nuint)second.Length);
        _ = Final(ref MemoryMarshal.GetReference(hash), ref state);
    }

    // What takes less than a microsecond need not let the garbage collector in, which would take a third of it.
    [SuppressGCTransition]
    [DllImport(Library, EntryPoint = "SHA256_Init", CallingConvention = CallingConvention.Cdecl)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Init(ref State state);

    [SuppressGCTransition]
    [DllImport(Library, EntryPoint = "SHA256_Update", CallingConvention = CallingConvention.Cdecl)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int UpdateShort(ref State state, in byte data, nuint length);

    [DllImport(Library, EntryPoint = "SHA256_Update", CallingConvention = CallingConvention.Cdecl)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Update(ref State state, in byte data, nuint length);

    [SuppressGCTransition]
    [DllImport(Library, EntryPoint = "SHA256_Final", CallingConvention = CallingConvention.Cdecl)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Final(ref byte hash, ref State state);

    /// <summary>Room for <c>SHA256_CTX</c>, which has 112 bytes (openssl/sha.h).</summary>
    [InlineArray(Bytes)]
    private struct State
    {
        private const int Bytes = 128;
        private byte first;
    }
}
