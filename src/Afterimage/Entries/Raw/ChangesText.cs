using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Afterimage.Streams.Records.Tape;

namespace Afterimage.Entries.Raw;

/// <summary>Writes what differs between two images straight from their bytes, as <see cref="ItemDiff"/> finds it.</summary>
internal sealed class ChangesText(RecordTape tape, RawRules rules, ByteBuffer target)
{
    private readonly ByteBuffer path = new();
    private bool isFirst;

    /// <summary>Writes the changes from one image to the other; -1 stands for an item that is not there.</summary>
    public void Append(int old, int @new)
    {
        isFirst = true;
        path.Truncate(0);
        target.Append((byte)'[');
        Maps(old, @new, isItem: true);
        target.Append((byte)']');
    }

    private void Maps(int old, int @new, bool isItem)
    {
        var olds = old < 0 ? [] : tape.Sorted(old);
        var news = @new < 0 ? [] : tape.Sorted(@new);
        var (i, j) = (0, 0);
        while (i < olds.Length || j < news.Length)
        {
            if (i < olds.Length && j < news.Length && tape.Nodes[olds[i]].Start == tape.Nodes[news[j]].Start)
            {
                // One slice for both.
                (i, j) = (i + 1, j + 1);
                continue;
            }

            var order = i == olds.Length ? 1 : j == news.Length ? -1 : Compare(olds[i], news[j]);
            var before = order <= 0 ? olds[i++] : -1;
            var after = order >= 0 ? news[j++] : -1;
            var member = before < 0 ? after : before;
            if (isItem && rules.IsIgnored(tape.Name(member)))
            {
                continue;
            }

            if (before < 0 || after < 0 || !tape.Raw(before).SequenceEqual(tape.Raw(after)))
            {
                var length = path.Length;
                AppendSegment(tape.Name(member));
                Values(before, after);
                path.Truncate(length);
            }
        }
    }

    // The members of both images mostly have the same names.
    private int Compare(int left, int right)
    {
        var leftName = tape.Name(left);
        var rightName = tape.Name(right);
        return leftName.SequenceEqual(rightName) ? 0 : Utf16Order.Compare(leftName, rightName);
    }

    private void Values(int old, int @new)
    {
        if (old < 0)
        {
            Change("add"u8, -1, @new);
        }
        else if (@new < 0)
        {
            Change("remove"u8, old, -1);
        }
        else if (tape.Nodes[old].Kind == TapeKind.M && tape.Nodes[@new].Kind == TapeKind.M)
        {
            Maps(old, @new, isItem: false);
        }
        else if (!ValueEquality.AreEqual(tape, old, @new))
        {
            if (tape.Nodes[old].Kind == TapeKind.L && tape.Nodes[@new].Kind == TapeKind.L)
            {
                Lists(old, @new);
            }
            else
            {
                Change("replace"u8, old, @new);
            }
        }
    }

    // Which edits are the fewest takes a table and values that can be looked up. Lists that change are rare, so these two alone are built.
    private void Lists(int old, int @new)
    {
        var place = AttributePath.Parse(Encoding.UTF8.GetString(path.Written));
        foreach (var change in ItemDiff.BetweenLists(place, Built(old), Built(@new)))
        {
            Open(Encoding.UTF8.GetBytes(EntryWords.Of(change.Op)), Encoding.UTF8.GetBytes(change.Path));
            AppendBuilt("old"u8, change.Old);
            AppendBuilt("value"u8, change.Value);
            target.Append((byte)'}');
        }
    }

    private IReadOnlyList<AttributeValue> Built(int list)
    {
        byte[] text = [.. "{\"\":"u8, .. tape.Raw(list), (byte)'}'];
        return DynamoDbJson.ReadMap(text)[string.Empty].Items;
    }

    private void AppendBuilt(ReadOnlySpan<byte> name, AttributeValue? value)
    {
        if (value is null)
        {
            return;
        }

        AppendName(name);
        var text = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(text, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            DynamoDbJson.Write(writer, value);
        }

        target.Append(text.WrittenSpan);
    }

    private void Change(ReadOnlySpan<byte> op, int old, int @new)
    {
        Open(op, path.Written);
        if (old >= 0)
        {
            AppendName("old"u8);
            target.AppendValue(tape, old, TextForm.Entry);
        }

        if (@new >= 0)
        {
            AppendName("value"u8);
            target.AppendValue(tape, @new, TextForm.Entry);
        }

        target.Append((byte)'}');
    }

    private void Open(ReadOnlySpan<byte> op, ReadOnlySpan<byte> place)
    {
        target.Append(isFirst ? "{\"op\":\""u8 : ",{\"op\":\""u8);
        isFirst = false;
        target.Append(op);
        target.Append("\",\"path\":"u8);
        target.AppendString(place, TextForm.Entry);
    }

    private void AppendName(ReadOnlySpan<byte> name)
    {
        target.Append(",\""u8);
        target.Append(name);
        target.Append("\":"u8);
    }

    private void AppendSegment(ReadOnlySpan<byte> name)
    {
        path.Append((byte)'/');
        for (var at = name.IndexOfAny((byte)'~', (byte)'/'); at >= 0; at = name.IndexOfAny((byte)'~', (byte)'/'))
        {
            path.Append(name[..at]);
            path.Append(name[at] == '~' ? "~0"u8 : "~1"u8);
            name = name[(at + 1)..];
        }

        path.Append(name);
    }
}
