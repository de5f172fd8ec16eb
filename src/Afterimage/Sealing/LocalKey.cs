using System.Security.Cryptography;
using System.Text;
using Afterimage.Proof;
using Afterimage.Trail;
using Microsoft.Win32.SafeHandles;

namespace Afterimage.Sealing;

/// <summary>A signing key in a file of this machine: the private key on P-256 as PEM (PKCS#8), which nobody but its owner may read.</summary>
/// <remarks>Whoever can read the file can sign another history. Witnesses that the trail's operator cannot rewrite show that there are two.</remarks>
internal sealed class LocalKey : ISigningKey
{
    // A key is 250 bytes; whatever is longer is none.
    private const int BytesMax = 16 * 1024;

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    private const string Restore =
        "Put the key back from a backup. A new one would sign nothing of a trail that was begun with this one.";

    private readonly ECDsa key;

    private LocalKey(ECDsa key) => this.key = key;

    /// <summary>Opens the key at a path.</summary>
    /// <param name="path">The path.</param>
    /// <param name="mode">Whether a key is made where there is none. Of two processes that begin at once, both get the key of the one that came first.</param>
    /// <exception cref="AfterimageException">There is none, it cannot be read or made, or is no key on P-256, or others than its owner may read it.</exception>
    public static LocalKey Open(string path, OpenMode mode)
    {
        var full = Path.GetFullPath(path);
        if (Directory.Exists(full))
        {
            throw new AfterimageException($"{full} is a directory, not a signing key.", "Name a file within it, such as file:afterimage.key.");
        }

        if (!File.Exists(full))
        {
            if (mode == OpenMode.ReadOnly)
            {
                throw new AfterimageException(
                    $"There is no signing key at {full}.", "Name the file that the trail was sealed with; afterimage run makes one where it seals for the first time.");
            }

            Make(full);
        }

        return Read(full);
    }

    /// <inheritdoc/>
    public Task<VerifierKey> VerifierAsync(string name, CancellationToken ct) => Task.FromResult(VerifierKey.Of(name, key.ExportSubjectPublicKeyInfo()));

    /// <inheritdoc/>
    public Task<byte[]> SignAsync(ReadOnlyMemory<byte> text, CancellationToken ct) =>
        Task.FromResult(key.SignData(text.Span, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));

    /// <inheritdoc/>
    public void Dispose() => key.Dispose();

    private static void Make(string full)
    {
        var directory = Path.GetDirectoryName(full)!;
        if (!Directory.Exists(directory))
        {
            throw new AfterimageException($"The signing key {full} cannot be made: there is no directory {directory}.", $"Make it with mkdir -p '{directory}'.");
        }

        using var made = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        try
        {
            // Where another process was faster its key holds, and this one was never used.
            _ = WholeFile.TryMake(full, Encoding.ASCII.GetBytes($"{made.ExportPkcs8PrivateKeyPem()}\n"), OwnerOnly);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new AfterimageException($"The signing key {full} cannot be made: {e.Message}", "Check the rights on its directory and the space left on the disk.", e);
        }
    }

    private static LocalKey Read(string full)
    {
        try
        {
            using var file = File.OpenHandle(full);
            RefuseReaders(full, file);
            if (RandomAccess.GetLength(file) is 0 or > BytesMax)
            {
                throw new AfterimageException($"{full} is {(RandomAccess.GetLength(file) == 0 ? "empty" : "too long for a key")}: it holds no signing key.", Restore);
            }

            using var stream = new FileStream(file, FileAccess.Read);
            using var reader = new StreamReader(stream);
            return new LocalKey(Import(full, reader.ReadToEnd()));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new AfterimageException($"The signing key {full} cannot be read: {e.Message}", "Check who owns the file and the rights on its directory.", e);
        }
    }

    private static void RefuseReaders(string full, SafeFileHandle file)
    {
        if (!OperatingSystem.IsWindows() && File.GetUnixFileMode(file) is var mode && (mode & Others) != UnixFileMode.None)
        {
            throw new AfterimageException(
                $"The signing key {full} may be read or written by others than its owner (mode {Convert.ToString((int)mode, 8)}).",
                $"chmod 600 {full}, once you know that nobody has taken a copy.");
        }
    }

    private static ECDsa Import(string full, string pem)
    {
        var read = ECDsa.Create();
        try
        {
            read.ImportFromPem(pem);
            // A public key is imported as willingly, and cannot do this.
            _ = read.ExportPkcs8PrivateKey();
            _ = VerifierKey.Of("key", read.ExportSubjectPublicKeyInfo());
            return read;
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException or FormatException)
        {
            read.Dispose();
            throw new AfterimageException($"{full} holds no private key on the curve P-256 as PEM: {e.Message}", Restore, e);
        }
    }
}
