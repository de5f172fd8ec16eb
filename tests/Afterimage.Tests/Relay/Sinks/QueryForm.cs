namespace Afterimage.Tests.Relay.Sinks;

/// <summary>A form as a service reads it.</summary>
internal static class QueryForm
{
    public static Dictionary<string, string> Read(string text) => text.Split('&').Select(pair => pair.Split('='))
        .ToDictionary(pair => pair[0], pair => Uri.UnescapeDataString(pair[1].Replace('+', ' ')), StringComparer.Ordinal);
}
