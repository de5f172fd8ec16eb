using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;

namespace Afterimage.Proof;

/// <summary>
/// Commits to one entry after another: gathers what it discloses, then salts and hashes all of it at once. Made once for a worker and used
/// again for every entry, because its buffers are; not for two threads.
/// </summary>
/// <remarks>
/// <see cref="Begin"/>, <see cref="Add"/> or <see cref="AddUnchanged"/> for each attribute in the order of names, <see cref="Finish"/>; the results hold
/// until the next <see cref="Begin"/>. The texts are canonical and are hashed as they are.
/// </remarks>
internal sealed class EntryCommitment : IDisposable
{
    private const int BlockBytes = 16;

    private readonly SaltCipher cipher = new();
    private readonly byte[] secret = new byte[ShardSalts.SecretSize];

    private byte[] text = ArrayPool<byte>.Shared.Rent(4_096);
    private int[] ends = new int[32];
    private Sha256Hash[] digests = new Sha256Hash[32];
    private byte[] ranks = Ranks(32);
    private byte[] blocks = new byte[32 * BlockBytes];
    private int nameAt;
    private int nameLength;

    /// <summary>How many disclosures there are: the envelope and every attribute.</summary>
    public int Count { get; private set; }

    /// <summary>The hash over all of them, which the leaf carries.</summary>
    public Sha256Hash Item { get; private set; }

    /// <summary>The entry's secret, which is kept beside it while nothing of it is hidden.</summary>
    public ReadOnlySpan<byte> Secret => secret;

    /// <summary>Begins an entry.</summary>
    /// <param name="entrySalt">Its secret, as <see cref="ShardSalts"/> makes it: 32 bytes.</param>
    /// <param name="envelope">The canonical text of the record's envelope, an object.</param>
    public void Begin(ReadOnlySpan<byte> entrySalt, ReadOnlySpan<byte> envelope)
    {
        if (entrySalt.Length != ShardSalts.SecretSize)
        {
            throw new ArgumentException($"An entry's secret has {ShardSalts.SecretSize} bytes, not {entrySalt.Length}.");
        }

        entrySalt.CopyTo(secret);
        Count = 0;
        var name = "\"\""u8;
        Disclosure.Write(Next(Disclosure.Length(name, envelope), name.Length), default, name, envelope);
    }

    /// <summary>Adds an attribute as it was before and after. Where both texts are the same, it is disclosed once.</summary>
    /// <param name="name">Its name as canonical text, with quotes; names come in the order of their UTF-16 code units.</param>
    /// <param name="before">The value's canonical text; empty where the attribute was absent.</param>
    /// <param name="after">The value's canonical text; empty where the attribute is absent.</param>
    /// <exception cref="FormatException">The name is empty, which is what the envelope goes by.</exception>
    /// <exception cref="ArgumentException">The name is not behind the one before it, or there is no value at all.</exception>
    public void Add(ReadOnlySpan<byte> name, ReadOnlySpan<byte> before, ReadOnlySpan<byte> after)
    {
        if (before.SequenceEqual(after))
        {
            AddUnchanged(name, before);
            return;
        }

        Check(name);
        Disclosure.Write(Next(Disclosure.Length(name, before, after), name.Length), default, name, before, after);
    }

    /// <summary>Adds an attribute that is the same before and after, or of which only the value as a key was delivered.</summary>
    /// <inheritdoc cref="Add" path="/exception"/>
    public void AddUnchanged(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        Check(name);
        if (value.IsEmpty)
        {
            throw new ArgumentException("An attribute that is absent before and after is none.");
        }

        Disclosure.Write(Next(Disclosure.Length(name, value), name.Length), default, name, value);
    }

    /// <summary>Salts and hashes what was added.</summary>
    public void Finish()
    {
        // One call for all, since setting the key costs more than a block.
        cipher.Encrypt(secret, ranks.AsSpan(0, Count * BlockBytes), blocks);
        var start = 0;
        for (var rank = 0; rank < Count; rank++)
        {
            Base64.EncodeToUtf8(blocks.AsSpan(rank * BlockBytes, BlockBytes), text.AsSpan(start + Disclosure.SaltAt, Disclosure.SaltLength), out _, out _);
            digests[rank] = Sha256Hash.Of(text.AsSpan(start..ends[rank]));
            start = ends[rank];
        }

        Item = EntryItem.Of(digests.AsSpan(0, Count));
    }

    /// <summary>The text of a disclosure: 0 is the envelope, the attributes follow in their order.</summary>
    public ReadOnlySpan<byte> Text(int rank) => text.AsSpan(Start(rank)..ends[rank]);

    /// <summary>The 24 characters of a disclosure's salt, which is kept by itself once something of the entry is hidden.</summary>
    public ReadOnlySpan<byte> Salt(int rank) => Text(rank).Slice(Disclosure.SaltAt, Disclosure.SaltLength);

    /// <summary>A disclosure's digest, which alone stays of what is hidden.</summary>
    public Sha256Hash Digest(int rank) => digests.AsSpan(0, Count)[rank];

    /// <inheritdoc/>
    public void Dispose()
    {
        cipher.Dispose();
        CryptographicOperations.ZeroMemory(secret);
        ArrayPool<byte>.Shared.Return(text, clearArray: true);
        text = [];
    }

    private static byte[] Ranks(int count)
    {
        var numbers = new byte[count * BlockBytes];
        for (var rank = 0; rank < count; rank++)
        {
            BinaryPrimitives.WriteInt32BigEndian(numbers.AsSpan((rank * BlockBytes) + BlockBytes - sizeof(int)), rank);
        }

        return numbers;
    }

    private int Start(int rank) => rank == 0 ? 0 : ends.AsSpan(0, Count)[rank - 1];

    private void Check(ReadOnlySpan<byte> name)
    {
        if (name.Length <= 2)
        {
            throw new FormatException("An attribute's name is not empty.");
        }

        if (NameOrder.Compare(text.AsSpan(nameAt, nameLength), name) >= 0)
        {
            throw new ArgumentException("Attributes come in the order of their names' UTF-16 code units, each once.");
        }
    }

    /// <summary>Room for the next disclosure.</summary>
    private Span<byte> Next(int length, int lengthOfName)
    {
        if (Count == ends.Length)
        {
            Array.Resize(ref ends, 2 * Count);
            Array.Resize(ref digests, 2 * Count);
            ranks = Ranks(2 * Count);
            blocks = new byte[2 * Count * BlockBytes];
        }

        var start = Start(Count);
        var end = checked(start + length);
        if (end > text.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(end, 2 * text.Length));
            text.AsSpan(0, start).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(text, clearArray: true);
            text = larger;
        }

        nameAt = start + Disclosure.SaltAt + Disclosure.SaltLength + 2;
        nameLength = lengthOfName;
        ends[Count++] = end;
        return text.AsSpan(start, length);
    }
}
