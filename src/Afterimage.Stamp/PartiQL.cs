namespace Afterimage.Stamp;

/// <summary>PartiQL statements: they are not taken apart, but those that write are counted.</summary>
internal static class PartiQL
{
    private static readonly string[] Writing = ["INSERT", "UPDATE", "DELETE"];

    public static void Count(string operation, IEnumerable<string?>? statements)
    {
        var writes = (statements ?? []).Count(statement => Writing.Any(verb => statement.AsSpan().TrimStart().StartsWith(verb, StringComparison.OrdinalIgnoreCase)));
        if (writes > 0)
        {
            Tallies.Unstamped(operation, Reasons.PartiQL, writes);
        }
    }
}
