using System.Security.Cryptography;

namespace Afterimage.App.Demo;

/// <summary>Where DynamoDB Local lies on this machine, in the user's cache folder.</summary>
/// <remarks>
/// Amazon's program comes inside an npm package, at one version and with one hash, both fixed by a lock file that is part of this assembly.
/// The package's own dependencies are not needed to run the Java program in it, so the lock leaves them out.
/// The folder's name is the lock's hash: another version is another folder, and nothing is ever updated in place.
/// </remarks>
internal static class DynamoDbLocalFolder
{
    private static readonly string[] NpmFiles = ["package.json", "package-lock.json"];

    /// <summary>The user's folder for what can be fetched again.</summary>
    public static string UserCache => Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { } cache && Path.IsPathRooted(cache)
        ? cache
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify), ".cache");

    /// <summary>The folder with DynamoDBLocal.jar, fetched if it is not there yet.</summary>
    /// <param name="cache">The cache folder, such as <see cref="UserCache"/>.</param>
    /// <param name="messages">Told what is fetched and where to, if it is.</param>
    /// <param name="ct">Ends the fetching; nothing half-done stays.</param>
    /// <exception cref="AfterimageException">npm is missing, or could not fetch it.</exception>
    public static async Task<string> GetAsync(string cache, TextWriter messages, CancellationToken ct)
    {
        var final = Path.Combine(cache, "afterimage", "dynamodb-local", LockHash());
        if (!Directory.Exists(final))
        {
            await messages.WriteLineAsync($"Fetching DynamoDB Local (65 MB, npm package amplify-dynamodb-simulator) into {final}");
            await FetchAsync(final, ct);
        }

        return Path.Combine(final, "node_modules", "amplify-dynamodb-simulator", "emulator");
    }

    /// <summary>Fetches beside the final place and renames: the final folder is there whole or not at all, whoever else fetches too.</summary>
    private static async Task FetchAsync(string final, CancellationToken ct)
    {
        var temporary = $"{final}.{Path.GetRandomFileName()}";
        try
        {
            WriteNpmFiles(temporary);
            await JavaAndNpm.InstallPackagesAsync(temporary, ct);
            Directory.Move(temporary, final);
        }
        catch (IOException) when (Directory.Exists(final))
        {
            // Another process was faster; what it put there is the same, since the lock's hash is in the name.
        }
        finally
        {
            if (Directory.Exists(temporary))
            {
                Directory.Delete(temporary, recursive: true);
            }
        }
    }

    private static void WriteNpmFiles(string folder)
    {
        // The empty package that the lock puts in the place of every dependency.
        Directory.CreateDirectory(Path.Combine(folder, "nothing"));
        File.WriteAllText(Path.Combine(folder, "nothing", "package.json"), """{"name": "nothing", "version": "1.0.0"}""");
        foreach (var name in NpmFiles)
        {
            using var file = File.Create(Path.Combine(folder, name));
            using var content = Embedded(name);
            content.CopyTo(file);
        }
    }

    private static string LockHash()
    {
        using var content = Embedded("package-lock.json");
        return Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 8));
    }

    private static Stream Embedded(string name) => typeof(DynamoDbLocalFolder).Assembly.GetManifestResourceStream($"npm/{name}")
        ?? throw new InvalidOperationException($"{name} is not part of this assembly.");
}
