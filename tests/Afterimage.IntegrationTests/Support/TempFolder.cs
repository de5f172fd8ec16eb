namespace Afterimage.IntegrationTests.Support;

/// <summary>A folder that is gone when the test is over.</summary>
internal sealed class TempFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("afterimage-test-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
