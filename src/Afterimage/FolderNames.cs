using System.Runtime.InteropServices;
using System.Text;

namespace Afterimage;

/// <summary>The names of files in a folder, as the disk knows them.</summary>
internal static class FolderNames
{
    // Linux and macOS give it the same number.
    private const int Invalid = 22;

    /// <summary>Makes new names in a folder last: until the folder is flushed too, a name can be lost with the power.</summary>
    /// <exception cref="IOException">It cannot be flushed.</exception>
    public static void Flush(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var handle = Open(Encoding.UTF8.GetBytes($"{folder}\0"), 0);
        if (handle < 0)
        {
            throw Failure("be opened", folder);
        }

        try
        {
            // A file system that has nothing to flush says that the call is invalid.
            if (Flush(handle) != 0 && Marshal.GetLastPInvokeError() != Invalid)
            {
                throw Failure("be flushed", folder);
            }
        }
        finally
        {
            _ = Close(handle);
        }
    }

    /// <summary>The failure of the system call that was made last.</summary>
    public static IOException Failure(string what, string path)
    {
        var error = Marshal.GetLastPInvokeError();
        return new IOException($"'{path}' cannot {what}: {Marshal.GetPInvokeErrorMessage(error)}.", error);
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open(byte[] path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Flush(int handle);

    [DllImport("libc", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Close(int handle);
}
