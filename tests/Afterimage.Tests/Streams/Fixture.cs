namespace Afterimage.Tests.Streams;

/// <summary>An answer of the service, written down by hand; the fixtures' README names the source of each.</summary>
internal static class Fixture
{
    public static byte[] Bytes(string name) => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Streams", "Fixtures", name));
}
