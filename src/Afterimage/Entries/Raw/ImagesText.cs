using Afterimage.Streams.Records.Tape;

namespace Afterimage.Entries.Raw;

/// <summary>Writes the two images of a record. Most members are the same in both: they are written once, and copied in runs.</summary>
internal sealed class ImagesText(RecordTape tape, ByteBuffer target)
{
    // Where in the target the members of the old image begin, and the last one ends.
    private int[] places = new int[64];

    /// <summary>Writes the old image, or null.</summary>
    public void AppendOld(int old)
    {
        if (!IsByMembers(old))
        {
            target.AppendItem(tape, old, TextForm.Entry);
            return;
        }

        var members = tape.Sorted(old);
        if (places.Length <= members.Length)
        {
            places = new int[members.Length * 2];
        }

        for (var at = 0; at < members.Length; at++)
        {
            places[at] = target.Length;
            target.AppendMember(tape, members[at], isFirst: at == 0, TextForm.Entry);
        }

        places[members.Length] = target.Length;
        target.Append((byte)'}');
    }

    /// <summary>Writes the new image, or null, after the old one was written.</summary>
    public void AppendNew(int old, int @new)
    {
        if (!IsByMembers(old) || !IsByMembers(@new))
        {
            target.AppendItem(tape, @new, TextForm.Entry);
            return;
        }

        var olds = tape.Sorted(old);
        var news = tape.Sorted(@new);
        var (i, j) = (0, 0);
        while (j < news.Length)
        {
            var run = SharedRun(olds[i..], news[j..]);
            if (run > 0)
            {
                AppendRun(i, run, isFirst: j == 0);
                (i, j) = (i + run, j + run);
                continue;
            }

            var order = i == olds.Length ? 1 : tape.CompareNames(olds[i], news[j]);
            if (order >= 0)
            {
                target.AppendMember(tape, news[j], isFirst: j == 0, TextForm.Entry);
                j++;
            }

            i += order <= 0 ? 1 : 0;
        }

        target.Append((byte)'}');
    }

    // An item that is written as it was delivered is one copy, and an empty one has no members.
    private bool IsByMembers(int item) => item >= 0 && !tape.Nodes[item].IsCanonical && tape.Nodes[item].Count > 0;

    private int SharedRun(ReadOnlySpan<int> olds, ReadOnlySpan<int> news)
    {
        var nodes = tape.Nodes;
        var run = 0;
        while (run < olds.Length && run < news.Length && nodes[olds[run]].Start == nodes[news[run]].Start)
        {
            run++;
        }

        return run;
    }

    // All members but the first begin with a comma.
    private void AppendRun(int from, int count, bool isFirst)
    {
        var start = target.Length;
        target.AppendCopy(places[from], places[from + count] - places[from]);
        target.Replace(start, isFirst ? (byte)'{' : (byte)',');
    }
}
