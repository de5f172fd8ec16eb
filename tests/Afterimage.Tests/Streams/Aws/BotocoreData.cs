using System.Diagnostics;
using System.IO.Compression;
using System.Text.Json;

namespace Afterimage.Tests.Streams.Aws;

/// <summary>AWS's own models of its services, as botocore ships them. They are not part of this repository.</summary>
internal static class BotocoreData
{
    private const string Install =
        "botocore's service models are needed: `pip install botocore`, or as root on Debian `apt-get install python3-botocore`, "
        + "or set AFTERIMAGE_BOTOCORE_DATA to botocore's data folder.";

    private static readonly Lazy<string?> Folder = new(Find);

    /// <summary>Reads a file of the data folder, packed or not. Skips the test where there is none, but fails it where nobody would notice.</summary>
    public static JsonElement Read(string path)
    {
        if (Folder.Value is not { } folder)
        {
            Assert.SkipWhen(Environment.GetEnvironmentVariable("CI") != "true", Install);
            throw new InvalidOperationException(Install);
        }

        var plain = Path.Combine(folder, path);
        using Stream stream = File.Exists(plain) ? File.OpenRead(plain) : new GZipStream(File.OpenRead(plain + ".gz"), CompressionMode.Decompress);
        return JsonSerializer.Deserialize<JsonElement>(stream);
    }

    private static string? Find()
    {
        string?[] places = [Environment.GetEnvironmentVariable("AFTERIMAGE_BOTOCORE_DATA"), OfPython(), "/usr/lib/python3/dist-packages/botocore/data"];
        return places.FirstOrDefault(place => place is { Length: > 0 } && Directory.Exists(Path.Combine(place, "dynamodbstreams")));
    }

    private static string? OfPython()
    {
        try
        {
            using var python = Process.Start(new ProcessStartInfo("python3", ["-c", "import botocore, os; print(os.path.join(os.path.dirname(botocore.__file__), 'data'))"])
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            var answer = python.StandardOutput.ReadToEnd().Trim();
            python.WaitForExit();
            return answer;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // No python3 on this machine.
            return null;
        }
    }
}
