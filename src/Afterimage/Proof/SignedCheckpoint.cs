using System.Buffers.Binary;
using System.Text;

namespace Afterimage.Proof;

/// <summary>A checkpoint and who signed it: a signed note as C2SP writes it.</summary>
public sealed class SignedCheckpoint
{
    private const string Dash = "— ";
    private const int IdBytes = sizeof(uint);

    private readonly byte[] text;
    private readonly IReadOnlyList<(string Name, byte[] Signature)> signatures;

    private SignedCheckpoint(byte[] note, byte[] text, IReadOnlyList<(string Name, byte[] Signature)> signatures)
    {
        (Note, this.text, this.signatures) = (note, text, signatures);
        Checkpoint = Checkpoint.Read(text);
    }

    /// <summary>What is signed.</summary>
    public Checkpoint Checkpoint { get; }

    /// <summary>The whole note, to be kept and handed on as it is.</summary>
    public ReadOnlyMemory<byte> Note { get; }

    /// <summary>Puts a signature under a checkpoint.</summary>
    /// <param name="checkpoint">The checkpoint.</param>
    /// <param name="key">The key that signed its text.</param>
    /// <param name="signature">The signature, ASN.1 DER.</param>
    public static SignedCheckpoint Of(Checkpoint checkpoint, VerifierKey key, ReadOnlySpan<byte> signature)
    {
        Span<byte> id = stackalloc byte[IdBytes];
        BinaryPrimitives.WriteUInt32BigEndian(id, key.Id);
        var line = $"\n{Dash}{key.Name} {Convert.ToBase64String([.. id, .. signature])}\n";
        return Read([.. checkpoint.ToText(), .. Encoding.UTF8.GetBytes(line)]);
    }

    /// <summary>Reads a note. Signatures by keys that nobody asked for are passed over, as their rules demand.</summary>
    /// <exception cref="FormatException">It is no signed note, or what it signs is no checkpoint.</exception>
    public static SignedCheckpoint Read(ReadOnlySpan<byte> note)
    {
        var end = note.LastIndexOf("\n\n"u8);
        if (end < 0 || end + 2 == note.Length || note[^1] != '\n')
        {
            throw new FormatException("A signed note is a text, an empty line, and a line for each signature.");
        }

        var lines = Utf8.Text(note[(end + 2)..^1]).Split('\n');
        return new SignedCheckpoint(note.ToArray(), note[..(end + 1)].ToArray(), [.. lines.Select(Signature)]);
    }

    /// <summary>Whether it is of the key's trail and signed by the key.</summary>
    public bool IsSignedBy(VerifierKey key) => Checkpoint.Origin == key.Name && signatures.Any(line => line.Name == key.Name
        && BinaryPrimitives.ReadUInt32BigEndian(line.Signature) == key.Id && key.HasSigned(text, line.Signature.AsSpan(IdBytes)));

    private static (string Name, byte[] Signature) Signature(string line)
    {
        var parts = line.StartsWith(Dash, StringComparison.Ordinal) ? line[Dash.Length..].Split(' ') : [];
        if (parts is not [{ Length: > 0 } name, var encoded] || Utf8.Base64(encoded) is not { Length: > IdBytes } signature)
        {
            throw new FormatException("A line of a signature is a dash, a name and base64.");
        }

        return (name, signature);
    }
}
