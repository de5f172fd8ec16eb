using Afterimage.Entries;

namespace Afterimage.Trail;

/// <summary>Whether two entries tell of one change: what DynamoDB delivered of it is compared, and not what was configured or where it is kept.</summary>
public static class SameChange
{
    /// <summary>Compares two entries. Where something was redacted in either, images cannot be compared, and are not.</summary>
    public static bool Is(AuditEntry left, AuditEntry right)
    {
        // A record that hides its own time is filed under another one's, which depends on who brought it.
        var isSameTime = left.Time == right.Time || (left.Unreadable is not null && right.Unreadable is not null);
        var isSameRecord = left.Id == right.Id && left.Kind == right.Kind && left.Action == right.Action && isSameTime && left.SequenceNumber == right.SequenceNumber
            && Equals(left.Keys, right.Keys) && left.Stream.EventId == right.Stream.EventId;
        return isSameRecord && Bytes(left).Span.SequenceEqual(Bytes(right).Span)
            && (IsHiding(left) || IsHiding(right) || (Equals(left.OldImage, right.OldImage) && Equals(left.NewImage, right.NewImage)));
    }

    private static ReadOnlyMemory<byte> Bytes(AuditEntry entry) => entry.Unreadable?.Raw ?? default;

    private static bool IsHiding(AuditEntry entry) => IsHiding(entry.OldImage) || IsHiding(entry.NewImage);

    private static bool IsHiding(AttributeMap? image) => image is not null && image.Values.Any(IsHiding);

    private static bool IsHiding(AttributeValue value) => value.Kind == AttributeKind.REDACTED || value.Items.Any(IsHiding) || value.Members.Values.Any(IsHiding);
}
