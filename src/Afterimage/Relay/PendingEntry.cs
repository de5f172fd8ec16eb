namespace Afterimage.Relay;

/// <summary>An entry that a sink has not had yet.</summary>
/// <param name="outgoing">The entry.</param>
/// <param name="order">Its place among the entries of its item, as text that sorts.</param>
/// <param name="arrivedAt">When it was read from the trail.</param>
internal sealed class PendingEntry(OutgoingEntry outgoing, string order, DateTimeOffset arrivedAt)
{
    /// <summary>The entry.</summary>
    public OutgoingEntry Outgoing => outgoing;

    /// <summary>Its place among the entries of its item, as text that sorts.</summary>
    public string Order => order;

    /// <summary>When it was read from the trail.</summary>
    public DateTimeOffset ArrivedAt => arrivedAt;

    /// <summary>How often the target has refused it: by itself, or by name.</summary>
    public int Refusals { get; set; }

    /// <summary>With how many others it may be sent at most, itself included: halved each time that a batch with it was refused as a whole.</summary>
    public int TogetherMax { get; set; } = int.MaxValue;

    /// <summary>When it may be sent again.</summary>
    public DateTimeOffset NotBefore { get; set; } = DateTimeOffset.MinValue;

    /// <summary>Whether it is under way.</summary>
    public bool IsUnderWay { get; set; }

    /// <summary>Whether nothing is left to do for it: it arrived, or was set aside.</summary>
    public bool IsOver { get; set; }
}
