using System.Text;
using Afterimage.Entries;
using Afterimage.Proof;
using Afterimage.Streams.Records;
using Afterimage.Trail;
using Afterimage.Trail.Bodies;

namespace Afterimage.Verifying;

/// <summary>Makes proofs of entries: everything that somebody needs who has the public key and not the trail.</summary>
public sealed class Prover(ITrail trail)
{
    /// <summary>Makes the proof of an entry, under the newest checkpoint.</summary>
    /// <returns>The proof; null if the trail has no such entry.</returns>
    /// <exception cref="AfterimageException">It is not sealed yet, or what is kept of it cannot be read.</exception>
    public async Task<EntryProof?> ProveAsync(EntryId id, CancellationToken ct)
    {
        if (await trail.FindAsync(id, ct) is not { } entry)
        {
            return null;
        }

        var tree = TreeName.Of(new StreamArn(entry.Stream.Arn), new ShardId(entry.ShardId));
        var signed = await trail.Log.NewestCheckpointAsync(ct);
        if (signed is null || await HeadAsync(tree, entry.Index, signed.Checkpoint.Size, ct) is not { } placed || LogLeaf.Read(placed.Text.Span) is not LogLeaf.Head head)
        {
            throw new AfterimageException($"Entry {id} is not sealed yet.", "afterimage run seals every few seconds. Once the entry is sealed, ask again.");
        }

        var leaf = await trail.Log.LeafAsync(tree, entry.Index, ct) ?? throw new FormatException($"Leaf {entry.Index} of {tree} is gone.");
        var (shown, hidden) = Disclosed(leaf.Body);
        var path = await PathAsync(tree, entry.Index, head.Size, ct);
        var (headPath, epochPath, epoch) = await LogPathsAsync(placed.Place, signed.Checkpoint.Size, ct);
        return new EntryProof
        {
            Entry = Encoding.UTF8.GetString(leaf.Text.Span),
            Shown = shown,
            Hidden = hidden,
            Index = entry.Index,
            Path = path,
            Head = Encoding.UTF8.GetString(placed.Text.Span),
            HeadIndex = placed.Place,
            HeadPath = headPath,
            Epoch = epoch,
            EpochPath = epochPath,
            Checkpoint = Encoding.UTF8.GetString(signed.Note.Span),
        };
    }

    // The first head that covers the entry: the fewest leaves lie under it.
    private async Task<PlacedHead?> HeadAsync(TreeName tree, long index, long signed, CancellationToken ct)
    {
        await foreach (var placed in trail.Log.HeadsAsync(tree, ct))
        {
            if (placed.Place < signed && LogLeaf.Read(placed.Text.Span) is LogLeaf.Head head && head.Size > index)
            {
                return placed;
            }
        }

        return null;
    }

    private async Task<IReadOnlyList<Sha256Hash>> PathAsync(TreeName tree, long index, long size, CancellationToken ct)
    {
        var walk = new PathWalk(index, size);
        await foreach (var run in trail.Log.LeavesAsync(tree, 0, size, ct))
        {
            foreach (var text in run.Texts)
            {
                walk.Take(MerkleTree.Leaf(text.Span));
            }
        }

        return walk.Path;
    }

    private async Task<(IReadOnlyList<Sha256Hash> Head, IReadOnlyList<Sha256Hash> Epoch, string Text)> LogPathsAsync(long head, long size, CancellationToken ct)
    {
        var (toHead, toEpoch) = (new PathWalk(head, size), new PathWalk(size - 1, size));
        var (place, epoch) = (0L, string.Empty);
        await foreach (var row in trail.Log.ReadAsync(0, ct))
        {
            if (place++ == size)
            {
                break;
            }

            var hash = MerkleTree.Leaf(row.Text.Span);
            toHead.Take(hash);
            toEpoch.Take(hash);
            epoch = place == size ? Encoding.UTF8.GetString(row.Text.Span) : epoch;
        }

        return (toHead.Path, toEpoch.Path, epoch);
    }

    // What nobody hides from the trail is shown; leaves without attributes show nothing.
    private static (IReadOnlyList<string> Shown, IReadOnlyList<Sha256Hash> Hidden) Disclosed(ReadOnlyMemory<byte> body)
    {
        var stored = StoredBody.Read(body);
        if (stored.Form is BodyForm.Json or BodyForm.Notice)
        {
            return ([], []);
        }

        using var disclosures = new DisclosureCheck();
        return disclosures.Texts(stored);
    }
}
