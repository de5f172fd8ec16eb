using System.Text;
using Afterimage.Streams.Records.Tape;

namespace Afterimage.Entries.Raw;

/// <summary>A table's rules, ready to be met with bytes.</summary>
internal sealed class RawRules(TableRules rules)
{
    private readonly byte[][] ignored = [.. rules.Ignore.Select(path => Encoding.UTF8.GetBytes(path.Segments[0]))];

    /// <summary>
    /// Whether entries of the table can be made of bytes alone: nothing is redacted, and what is ignored are whole attributes. For all
    /// other rules <see cref="EntryMaker"/> makes them.
    /// </summary>
    public bool AreForBytes { get; } = rules.Redact.Count == 0 && rules.Ignore.All(path => path.Segments.Count == 1);

    public RawPath? Actor { get; } = rules.Actor is null ? null : new RawPath(rules.Actor);

    public RawPath? Entity { get; } = rules.Entity is null ? null : new RawPath(rules.Entity);

    public RawPath? Tenant { get; } = rules.Tenant is null ? null : new RawPath(rules.Tenant);

    /// <summary>The attribute that stamps are in.</summary>
    public byte[] Stamp { get; } = Encoding.UTF8.GetBytes(rules.Stamp);

    /// <summary>The places whose change tells that the writer kept the actor's attribute up to date too.</summary>
    public IReadOnlyList<RawPath> KeptPlaces { get; } = [.. Attribution.Kept(rules).Select(path => new RawPath(path))];

    /// <summary>Whether changes of this attribute do not count.</summary>
    public bool IsIgnored(ReadOnlySpan<byte> attribute)
    {
        foreach (var name in ignored)
        {
            if (attribute.SequenceEqual(name))
            {
                return true;
            }
        }

        return false;
    }
}

/// <summary>A place in an item, as <see cref="AttributePath"/> finds it.</summary>
internal sealed class RawPath(AttributePath path)
{
    private readonly (byte[] Name, int? Index)[] segments =
        [.. path.Segments.Select(segment => (Encoding.UTF8.GetBytes(segment), AttributePath.TryReadIndex(segment, out var index) ? index : (int?)null))];

    /// <summary>The value's node; -1 if the item has none, or there is no item.</summary>
    public int Find(RecordTape tape, int item)
    {
        var node = item;
        foreach (var (name, index) in segments)
        {
            if (node < 0)
            {
                return -1;
            }

            node = tape.Nodes[node].Kind switch
            {
                TapeKind.M => tape.Find(node, name),
                TapeKind.L when index is { } at => tape.Find(node, at),
                _ => -1,
            };
        }

        return node;
    }

    /// <summary>The text of a scalar there; absent if there is none.</summary>
    public TapeText FindText(RecordTape tape, int item)
    {
        var node = Find(tape, item);
        return node >= 0 && tape.Nodes[node].Kind is TapeKind.S or TapeKind.N or TapeKind.B or TapeKind.BOOL ? tape.Nodes[node].Text : default;
    }
}
