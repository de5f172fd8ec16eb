namespace Afterimage.Streams.Records.Tape;

/// <summary>
/// The members of a record's other image, beside which those of this one are read. Most of a change's attributes are the same in both images and
/// come in the same order: to compare their bytes takes a fraction of what it takes to read them.
/// </summary>
internal struct TwinMembers(RecordTape tape, int item)
{
    private readonly int end = item < 0 ? 0 : tape[item].Next;
    private int next = item + 1;

    /// <summary>Takes a member that the other image has too, byte by byte.</summary>
    public bool TryTake(ref JsonCursor json) => next < end && TryTakeNext(ref json);

    /// <summary>Goes on behind the member of the same name as one that was read. One that is not there was added; the one before it may have been removed.</summary>
    public void Pass(int member)
    {
        for (var (twin, tries) = (next, 0); twin < end && tries < 2; tries++)
        {
            var isSame = tape.CompareNames(twin, member) == 0;
            twin = tape[twin].Next;
            if (isSame)
            {
                next = twin;
                return;
            }
        }
    }

    private bool TryTakeNext(ref JsonCursor json)
    {
        if (!tape[next].Name.IsPlain || !json.TryTakeHere(tape.RawMember(next)))
        {
            return false;
        }

        tape.AddCopy(next);
        next = tape[next].Next;
        return true;
    }
}
