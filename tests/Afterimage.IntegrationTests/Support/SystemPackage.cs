namespace Afterimage.IntegrationTests.Support;

/// <summary>A program of the system that some tests want beyond .NET, Java and Node.</summary>
internal static class SystemPackage
{
    /// <summary>Goes on if the program is there; else skips the test with the line that installs it, or fails it where everything must run.</summary>
    public static void Demand(string program, string debianPackage) => DemandBy(program, $"apt-get install -y {debianPackage}");

    /// <summary>The same for a program that another line installs.</summary>
    public static void DemandBy(string program, string line)
    {
        if (IsOnPath(program))
        {
            return;
        }

        var reason = $"This test needs `{program}`: {line}";
        Assert.SkipWhen(Environment.GetEnvironmentVariable("CI") != "true", reason);
        Assert.Fail(reason);
    }

    private static bool IsOnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, program)));
}
