using System.IO.Enumeration;
using Afterimage.Proof;
using Afterimage.Trail;

namespace Afterimage.Sealing;

/// <summary>A witness in a folder: a file for each checkpoint.</summary>
/// <remarks>It witnesses as much as the folder is out of the reach of whoever may write to the trail: another machine's, a medium that is written once, a repository that others pull.</remarks>
internal sealed class FolderWitness : IWitness
{
    private readonly string folder;

    private FolderWitness(string uri, string folder) => (Uri, this.folder) = (uri, folder);

    /// <inheritdoc/>
    public string Uri { get; }

    /// <summary>Opens the witness in a folder.</summary>
    /// <param name="uri">Its address, as the user wrote it.</param>
    /// <param name="path">The folder.</param>
    /// <param name="mode">Whether the folder is made where there is none. To who only asks, a folder that is gone must not look like one that is empty.</param>
    /// <exception cref="AfterimageException">There is no folder, or none can be made.</exception>
    public static FolderWitness Open(string uri, string path, OpenMode mode)
    {
        var full = Path.GetFullPath(path);
        if (File.Exists(full))
        {
            throw new AfterimageException($"{full} is a file, not the folder of a witness.", "Name a folder, such as file:./witness.");
        }

        if (mode == OpenMode.ReadOnly && !Directory.Exists(full))
        {
            throw new AfterimageException($"The witness {uri} is not there: there is no folder {full}.", "Name the folder that the checkpoints went to, or mount what it lies on.");
        }

        var witness = new FolderWitness(uri, full);
        if (mode == OpenMode.CreateOrWrite)
        {
            _ = witness.Try("made", () => Directory.CreateDirectory(full));
        }

        return witness;
    }

    /// <inheritdoc/>
    public Task<SignedCheckpoint?> NewestAsync(long above, CancellationToken ct)
    {
        var newest = Try("read", () => Sizes(ct).DefaultIfEmpty(-1).Max());
        return Task.FromResult(newest > above ? Read(newest) : null);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<SignedCheckpoint> AllAsync(CancellationToken ct) => Try("read", () => Sizes(ct).Order().ToList()).Select(Read).ToAsyncEnumerable();

    /// <inheritdoc/>
    public Task<SignedCheckpoint> WitnessAsync(SignedCheckpoint checkpoint, CancellationToken ct)
    {
        var size = checkpoint.Checkpoint.Size;
        var made = Try("written to", () => WholeFile.TryMake(PathOf(size), checkpoint.Note.Span, null));
        return Task.FromResult(made ? checkpoint : Read(size));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // Nothing is kept open.
    }

    private string PathOf(long size) => Path.Combine(folder, HeldNote.NameOf(size));

    // A number and no text for each file: there is a file every ten seconds, for years.
    private FileSystemEnumerable<long> Sizes(CancellationToken ct) =>
        new(folder, (ref entry) => HeldNote.SizeOf(entry.FileName, Uri), new EnumerationOptions { AttributesToSkip = FileAttributes.None, IgnoreInaccessible = false })
        {
            ShouldIncludePredicate = (ref entry) =>
            {
                ct.ThrowIfCancellationRequested();
                return !WholeFile.IsHidden(entry.FileName);
            },
        };

    private SignedCheckpoint Read(long size)
    {
        var note = Try("read", () =>
        {
            using var file = File.OpenRead(PathOf(size));
            var buffer = new byte[HeldNote.BytesMax + 1];
            return buffer[..file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false)];
        });
        return HeldNote.Read(note, size, Uri);
    }

    private T Try<T>(string what, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new AfterimageException($"The witness {Uri} cannot be {what}: {e.Message}", $"Check the rights on {folder} and the space left on its disk.", e);
        }
    }
}
