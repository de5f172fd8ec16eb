using Afterimage.Entries.Raw;

namespace Afterimage.Capture;

/// <summary>Writes an object of the envelope, whose fields are given in the order of their names.</summary>
internal ref struct EnvelopeWriter(ByteBuffer target)
{
    private bool hasField;

    /// <summary>Writes a field's name; its value follows.</summary>
    public void Name(ReadOnlySpan<byte> field)
    {
        target.Append(hasField ? ",\""u8 : "{\""u8);
        hasField = true;
        target.Append(field);
        target.Append("\":"u8);
    }

    /// <summary>Writes a field with a string.</summary>
    public void Text(ReadOnlySpan<byte> field, ReadOnlySpan<byte> text)
    {
        Name(field);
        target.AppendString(text, TextForm.Canonical);
    }

    /// <summary>Ends the object.</summary>
    public readonly void Close() => target.Append(hasField ? "}"u8 : "{}"u8);
}
