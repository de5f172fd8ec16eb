using System.Text.Json;

namespace Afterimage.Proof;

/// <summary>Something that an entry commits to and that is shown: its record's envelope or an attribute.</summary>
/// <param name="Name">The attribute's name; empty for the envelope.</param>
/// <param name="Values">
/// JSON, verbatim. One value where it is the same before and after, or only that of a key was delivered; else the values before and after, <c>null</c> where there is none.
/// </param>
public sealed record ShownDisclosure(string Name, IReadOnlyList<string> Values)
{
    private const int SaltBytes = 16;

    /// <summary>Reads a disclosure's text.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    internal static ShownDisclosure Read(string text)
    {
        var json = StrictJson.Parse(text);
        JsonElement[] parts = json.ValueKind == JsonValueKind.Array ? [.. json.EnumerateArray()] : [];
        if (parts is not [{ ValueKind: JsonValueKind.String } salt, { ValueKind: JsonValueKind.String } name, .. { Length: 1 or 2 } values])
        {
            throw new FormatException("A disclosure is an array of a salt, a name and one value or two.");
        }

        if (Utf8.Base64(salt.GetString()!).Length != SaltBytes)
        {
            throw new FormatException($"A salt has {SaltBytes} bytes.");
        }

        return new ShownDisclosure(name.GetString()!, [.. values.Select(value => value.GetRawText())]);
    }
}
