using System.Numerics;

namespace Afterimage.Streams.Records.Tape;

/// <summary>What <see cref="TextStops"/> finds, for one who reads a text once, from front to back: nothing is kept.</summary>
internal ref struct StopsAhead(ReadOnlySpan<byte> text)
{
    private readonly ReadOnlySpan<byte> text = text;
    private int block = -1;
    private ulong stops;

    /// <summary>The first stop at a place or behind it; the text's length if there is none.</summary>
    public int Next(int at)
    {
        if (at / TextStops.Block != block)
        {
            Find(at / TextStops.Block);
        }

        var bits = stops >> (at % TextStops.Block);
        while (bits == 0)
        {
            Find(block + 1);
            (at, bits) = (block * TextStops.Block, stops);
        }

        return at + BitOperations.TrailingZeroCount(bits);
    }

    // Behind the text all is a stop.
    private void Find(int next)
    {
        block = next;
        stops = TextStops.Of(text, next);
    }
}
