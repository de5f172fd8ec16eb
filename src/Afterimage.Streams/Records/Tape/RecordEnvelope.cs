namespace Afterimage.Streams.Records.Tape;

/// <summary>What a record says around its keys and images; what is not present was absent or null.</summary>
internal sealed class RecordEnvelope
{
    public TapeText EventId;
    public TapeText EventName;
    public TapeText EventVersion;
    public TapeText Region;
    public TapeText SequenceNumber;
    public TapeText ViewType;

    /// <summary>An integer's digits, without leading zeros.</summary>
    public TapeText SizeBytes;

    /// <summary>ApproximateCreationDateTime in seconds since 1970, rounded down.</summary>
    public long? Seconds;

    /// <summary>The numbers of the nodes, one more than it is; zero where there is none.</summary>
    public int KeysPlusOne;
    public int OldImagePlusOne;
    public int NewImagePlusOne;

    public bool HasIdentity;
    public TapeText IdentityType;
    public TapeText IdentityPrincipal;

    /// <summary>The node of the keys.</summary>
    public int Keys => KeysPlusOne - 1;

    /// <summary>The node of the old image; -1 where there is none.</summary>
    public int OldImage => OldImagePlusOne - 1;

    /// <summary>The node of the new image; -1 where there is none.</summary>
    public int NewImage => NewImagePlusOne - 1;

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        EventId = EventName = EventVersion = Region = SequenceNumber = ViewType = SizeBytes = IdentityType = IdentityPrincipal = default;
        KeysPlusOne = OldImagePlusOne = NewImagePlusOne = 0;
        Seconds = null;
        HasIdentity = false;
    }
}
