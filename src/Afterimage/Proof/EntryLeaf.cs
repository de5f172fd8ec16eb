using System.Text.Json;

namespace Afterimage.Proof;

/// <summary>What a change's leaf says.</summary>
/// <param name="At">When the change was made, in seconds since 1970.</param>
/// <param name="Op">INSERT, MODIFY or REMOVE.</param>
/// <param name="Seq">The sequence number.</param>
internal sealed record EntryLeaf(long At, string Op, string Seq)
{
    /// <summary>Reads a leaf.</summary>
    /// <exception cref="FormatException">It is not a change's.</exception>
    public static EntryLeaf Read(ReadOnlySpan<byte> text)
    {
        try
        {
            var json = new Utf8JsonReader(text);
            json.Read();
            var (at, op, seq, kind) = (-1L, string.Empty, string.Empty, string.Empty);
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                var name = json.GetString();
                json.Read();
                switch (name)
                {
                    case "at":
                        at = json.GetInt64();
                        break;
                    case "op":
                        op = json.GetString()!;
                        break;
                    case "seq":
                        seq = json.GetString()!;
                        break;
                    case "t":
                        kind = json.GetString()!;
                        break;
                }
            }

            return kind == "entry" ? new EntryLeaf(at, op, seq) : throw new FormatException($"Not the leaf of a change but of kind '{kind}'.");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new FormatException($"Not a leaf: {e.Message}", e);
        }
    }
}
