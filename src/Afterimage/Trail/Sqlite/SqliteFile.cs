namespace Afterimage.Trail.Sqlite;

/// <summary>What is checked about a trail's file before SQLite sees it.</summary>
/// <remarks>
/// Only SQLite may open the file once it exists: POSIX drops all locks of a process on a file when the process closes any handle
/// of it, and with them the protection of every other connection in this process.
/// </remarks>
internal static class SqliteFile
{
    // Held while a file is made, so that no other connection of this process has it open when its first handle is closed.
    private static readonly Lock Making = new();

    private static readonly HashSet<string> NetworkFormats = new(StringComparer.OrdinalIgnoreCase)
    {
        "nfs", "nfs3", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "afpfs", "webdav", "ncp", "ncpfs", "afs", "coda", "9p", "v9fs",
        "ceph", "glusterfs", "lustre", "beegfs", "gpfs", "orangefs", "pvfs2",
        "fuse.sshfs", "fuse.rclone", "fuse.s3fs", "fuse.mount-s3", "fuse.goofys", "fuse.gcsfuse", "fuse.gcsfs", "fuse.blobfuse", "fuse.blobfuse2",
        "fuse.glusterfs", "fuse.ceph", "fuse.ceph-fuse", "fuse.davfs", "fuse.davfs2", "fuse.curlftpfs",
        "fuse.smbnetfs", "fuse.juicefs", "fuse.grpcfuse",
    };

    /// <summary>The file's full path, once nothing speaks against it; an empty file is made where <paramref name="mode"/> asks for one.</summary>
    public static string Prepare(string path, OpenMode mode)
    {
        if (path.Length == 0)
        {
            throw new UsageException("The trail's address names no file.", "Write sqlite:PATH, such as sqlite:afterimage.db.");
        }

        var full = Path.GetFullPath(path);
        var directory = Path.GetDirectoryName(full);
        if (directory is null || Directory.Exists(full))
        {
            throw new AfterimageException($"{full} is a directory, not a trail.", "Name a file within it with --trail sqlite:PATH.");
        }

        if (Directory.Exists(directory))
        {
            RefuseNetwork(full, directory);
        }

        Find(full, directory, mode);
        return full;
    }

    /// <summary>Whether a file system of this name lies on another machine, where SQLite's locks and shared memory do not hold.</summary>
    internal static bool IsNetwork(string format) => NetworkFormats.Contains(format);

    private static void RefuseNetwork(string full, string directory)
    {
        // The format is read from where a link points to, so the file goes before its directory.
        var drive = new DriveInfo(File.Exists(full) ? full : directory);
        if (drive.DriveType == DriveType.Network || IsNetwork(drive.DriveFormat))
        {
            throw new AfterimageException(
                $"The trail {full} would lie on a network file system ({drive.DriveFormat}), where its locks do not hold and entries could be lost.",
                "Name a file on a disk of this machine with --trail sqlite:PATH.");
        }
    }

    private static void Find(string full, string directory, OpenMode mode)
    {
        lock (Making)
        {
            if (File.Exists(full))
            {
                return;
            }

            if (mode == OpenMode.ReadOnly)
            {
                throw new AfterimageException(
                    $"There is no trail at {full}.",
                    "Name the trail with --trail sqlite:PATH, or start one with afterimage run --table NAME.");
            }

            if (!Directory.Exists(directory))
            {
                throw new AfterimageException(
                    $"The trail {full} cannot be made: there is no directory {directory}.", $"Make it with mkdir -p '{directory}'.");
            }

            Make(full);
        }
    }

    private static void Make(string full)
    {
        // The trail holds images of all data: nobody but its owner may read it. SQLite gives its side files the same mode.
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        try
        {
            new FileStream(full, options).Dispose();
        }
        catch (IOException) when (File.Exists(full))
        {
            // Another process made it just now, which is as good.
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new AfterimageException(
                $"The trail {full} cannot be made: {e.Message}", "Check the rights on its directory and the space left on the disk.", e);
        }
    }
}
