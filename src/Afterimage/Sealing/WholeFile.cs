using System.Runtime.InteropServices;
using System.Text;

namespace Afterimage.Sealing;

/// <summary>A file that comes to be whole or not at all, and that nobody replaces: neither a crash nor another process that makes the same one.</summary>
internal static class WholeFile
{
    // Each crash leaves one behind at the most.
    private const int TemporaryMax = 1_000;

    // Linux and macOS give it the same number.
    private const int Exists = 17;
    private const int ExistsOnWindows = unchecked((int)0x80070050);

    /// <summary>Whether a file of this name is nobody's content: what a crash leaves here, what systems leave in a folder.</summary>
    public static bool IsHidden(ReadOnlySpan<char> name) => name is ['.', ..];

    /// <summary>Makes a file, unless there is one.</summary>
    /// <param name="path">Its full path.</param>
    /// <param name="content">What it holds.</param>
    /// <param name="mode">Who may do what with it, where there are such modes; null leaves it to the process.</param>
    /// <returns>Whether it was made; false where there is one.</returns>
    /// <exception cref="IOException">It cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be made.</exception>
    public static bool TryMake(string path, ReadOnlySpan<byte> content, UnixFileMode? mode)
    {
        var folder = Path.GetDirectoryName(path)!;
        var stream = OpenTemporary(folder, Path.GetFileName(path), mode);
        try
        {
            using (stream)
            {
                stream.Write(content);
                stream.Flush(flushToDisk: true);
            }

            // A crash before this line leaves the temporary file, which nobody reads; after it the file is there, whole.
            var made = TryName(stream.Name, path);
            FolderNames.Flush(folder);
            return made;
        }
        finally
        {
            File.Delete(stream.Name);
        }
    }

    private static FileStream OpenTemporary(string folder, string name, UnixFileMode? mode)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (mode is not null && !OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = mode;
        }

        for (var number = 0; ; number++)
        {
            try
            {
                return new FileStream(Path.Combine(folder, $".{name}.{number}.tmp"), options);
            }
            catch (IOException e) when (e.HResult is Exists or ExistsOnWindows && number < TemporaryMax)
            {
                // Another process is at work, or one has crashed: the next name is as good.
            }
        }
    }

    // Moving a file without replacing looks first and renames then (.NET on Unix): of two processes the second would win. A link is made or is not.
    private static bool TryName(string temporary, string path)
    {
        if (OperatingSystem.IsWindows())
        {
            try
            {
                File.Move(temporary, path, overwrite: false);
                return true;
            }
            catch (IOException) when (File.Exists(path))
            {
                return false;
            }
        }

        if (Link(Text(temporary), Text(path)) == 0)
        {
            return true;
        }

        return Marshal.GetLastPInvokeError() == Exists ? false : throw FolderNames.Failure("get its name, which takes a file system with hard links", path);
    }

    private static byte[] Text(string path) => Encoding.UTF8.GetBytes($"{path}\0");

    [DllImport("libc", EntryPoint = "link", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Link(byte[] from, byte[] to);
}
