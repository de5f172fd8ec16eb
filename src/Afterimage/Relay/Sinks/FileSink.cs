namespace Afterimage.Relay.Sinks;

/// <summary>
/// <c>file:PATH</c>: JSON Lines, flushed to the disk before an entry counts as arrived. A file that is full is given the next number, and is never
/// written again; nothing is overwritten.
/// </summary>
/// <param name="address">The sink's address.</param>
/// <param name="path">The file's path.</param>
/// <param name="bytesMax">How long a file may get; a batch goes into one file whole.</param>
internal sealed class FileSink(string address, string path, long bytesMax = FileSink.BytesMax) : ISink
{
    /// <summary>How long a file may get by default.</summary>
    public const long BytesMax = 100_000_000;

    // What each line begins with: what else a file may end with is not ours to cut.
    private static readonly byte[] Beginning = "{\"id\":\""u8.ToArray();

    private readonly string path = Path.GetFullPath(path);
    private FileStream? file;
    private FileStream? held;

    /// <summary>A line of any length: the limit only keeps memory in bounds.</summary>
    public static SinkLimits Takes { get; } = new(1_000, 16 * 1024 * 1024, (16 * 1024 * 1024) - 1) { EntryOverhead = 1 };

    /// <inheritdoc/>
    public string Address => address;

    /// <inheritdoc/>
    public SinkLimits Limits => Takes;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Delivery>> SendAsync(IReadOnlyList<OutgoingEntry> batch, CancellationToken ct)
    {
        byte[] lines = [.. batch.SelectMany(outgoing => (byte[])[.. outgoing.Text.Span, (byte)'\n'])];
        try
        {
            await Task.Run(() => Write(lines), ct);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Close();
            throw new SinkException(
                isDown: true,
                $"{address}: {e.Message}",
                "See that the folder is there, that this user may write to it, that the disk is not full, and that no other program writes this file. Entries wait in the trail.",
                e);
        }

        return [.. batch.Select(_ => Delivery.Done)];
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Close();
        return ValueTask.CompletedTask;
    }

    // A crash in between leaves a part of the lines and at most one that is torn: that one is cut off when the file is opened again, and the whole batch comes again.
    private void Write(byte[] lines)
    {
        var open = file ??= Open();
        if (open.Length > 0 && open.Length + lines.Length > bytesMax)
        {
            file = null;
            open = file = Rotate(open);
        }

        open.Position = open.Length;
        open.Write(lines);
        open.Flush(flushToDisk: true);
    }

    // Opening it anew cuts off what an interrupted write has left.
    private void Close()
    {
        file?.Dispose();
        file = null;
        held?.Dispose();
        held = null;
    }

    private FileStream Open()
    {
        // Readers may follow the file while it is written, so what keeps other writers out is a file beside it (on Unix .NET knows locks of a whole file alone).
        var folder = Path.GetDirectoryName(path)!;
        held ??= Open(Path.Combine(folder, $".{Path.GetFileName(path)}.lock"), FileShare.None);
        var isNew = !File.Exists(path);
        var opened = Open(path, FileShare.ReadWrite | FileShare.Delete);
        try
        {
            CutTornLine(opened);
            if (isNew)
            {
                FolderNames.Flush(folder);
            }

            return opened;
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    private static FileStream Open(string path, FileShare share)
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = share, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            // It holds what the tables hold: as with the trail, others may not read it.
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(path, options);
    }

    private FileStream Rotate(FileStream full)
    {
        var name = Path.Combine(Path.GetDirectoryName(path)!, Path.GetFileNameWithoutExtension(path));
        var extension = Path.GetExtension(path);
        var number = 1;
        while (File.Exists($"{name}.{number}{extension}"))
        {
            number++;
        }

        // Nobody else holds the file, so nobody else numbers it. A crash behind the move leaves no file of the name: the next one is made.
        full.Dispose();
        File.Move(path, $"{name}.{number}{extension}", overwrite: false);
        return Open();
    }

    private void CutTornLine(FileStream opened)
    {
        var end = opened.Length;
        var torn = new List<byte>();
        var buffer = new byte[64 * 1024];
        while (end > 0)
        {
            var from = Math.Max(0, end - buffer.Length);
            var part = buffer.AsSpan(0, (int)(end - from));
            opened.Position = from;
            opened.ReadExactly(part);
            var lineEnd = part.LastIndexOf((byte)'\n');
            torn.InsertRange(0, part[(lineEnd + 1)..]);
            end = from;
            if (lineEnd >= 0)
            {
                end += lineEnd + 1;
                break;
            }
        }

        if (torn.Count == 0)
        {
            return;
        }

        if (!torn.Take(Beginning.Length).SequenceEqual(Beginning.Take(torn.Count)))
        {
            throw new SinkException(
                isDown: true, $"{address}: the file does not end with an entry, so it is not one of entries.", "Name another file, or move this one away. Entries wait in the trail.");
        }

        opened.SetLength(end);
    }
}
