using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Afterimage.App.Demo;

/// <summary>The two programs of others that DynamoDB Local needs on the machine.</summary>
internal static partial class JavaAndNpm
{
    private const int OldestJava = 17;

    /// <summary>Makes sure of a Java that runs DynamoDB Local.</summary>
    /// <exception cref="AfterimageException">There is none, or it is too old.</exception>
    public static async Task DemandJavaAsync(CancellationToken ct)
    {
        var answer = await RunAsync("java", ["-version"], Environment.CurrentDirectory, ct)
            ?? throw new AfterimageException("DynamoDB Local needs Java 17 or newer, and there is no java on the PATH.", JavaHint);
        var version = JavaVersion().Match(answer.Output);
        if (!version.Success || int.Parse(version.Groups["major"].ValueSpan, CultureInfo.InvariantCulture) < OldestJava)
        {
            throw new AfterimageException($"DynamoDB Local needs Java 17 or newer. `java -version` says: {answer.Output.Trim()}", JavaHint);
        }
    }

    /// <summary>Installs what the package-lock.json in a folder says, and runs nothing of what it installs.</summary>
    /// <exception cref="AfterimageException">There is no npm, or it could not do it.</exception>
    public static async Task InstallPackagesAsync(string folder, CancellationToken ct)
    {
        var answer = await RunAsync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], folder, ct)
            ?? throw new AfterimageException("DynamoDB Local is fetched with npm, and there is no npm on the PATH.", HintFor("npm", "npm (it comes with Node.js)"));
        if (answer.ExitCode != 0)
        {
            throw new AfterimageException(
                $"npm could not fetch DynamoDB Local:{Environment.NewLine}{answer.Output.Trim()}",
                "Look at npm's message above (often the network, or a registry in ~/.npmrc), then start again. An endpoint that is already running can be given with --endpoint.");
        }
    }

    /// <summary>The exact line that installs a package of the system, where that is known.</summary>
    internal static string HintFor(string debianPackage, string elsewhere) => File.Exists("/usr/bin/apt-get")
        ? $"{(Environment.IsPrivilegedProcess ? "" : "sudo ")}apt-get install -y {debianPackage}"
        : $"Install {elsewhere} with this system's package manager.";

    private static string JavaHint => HintFor("openjdk-17-jre-headless", "Java 17 or newer");

    private static async Task<(int ExitCode, string Output)?> RunAsync(string program, string[] arguments, string folder, CancellationToken ct)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = StartIfThere(start);
        if (process is null)
        {
            return null;
        }

        process.StandardInput.Close();
        var outputs = Task.WhenAll(process.StandardOutput.ReadToEndAsync(ct), process.StandardError.ReadToEndAsync(ct));
        try
        {
            await process.WaitForExitAsync(ct);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        return (process.ExitCode, string.Concat(await outputs));
    }

    private static Process? StartIfThere(ProcessStartInfo start)
    {
        const int noSuchFile = 2;
        try
        {
            return Process.Start(start);
        }
        catch (Win32Exception e) when (e.NativeErrorCode == noSuchFile)
        {
            return null;
        }
    }

    [GeneratedRegex("version \"(?<major>[0-9]+)", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex JavaVersion();
}
