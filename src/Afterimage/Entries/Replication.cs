using System.Globalization;

namespace Afterimage.Entries;

/// <summary>Tells changes that global tables made (version 2017.11.29): they say so in attributes that no application may write. Later versions leave no trace.</summary>
internal static class Replication
{
    /// <summary>The attribute that an item of such a table bears: the region of its last write.</summary>
    public const string Region = "aws:rep:updateregion";

    private const string Time = "aws:rep:updatetime";
    private const string Prefix = "aws:rep:";

    /// <summary>Whether DynamoDB made the change to bring a write of another region here, or to write down when and where one was made.</summary>
    /// <remarks>
    /// A local update leaves the attributes of the last write where they are until DynamoDB renews them by a change of its own. So the time must be new with this change,
    /// and near to it: otherwise the item was copied from another.
    /// </remarks>
    public static bool Made(RecordValues values)
    {
        var (record, _, before, after) = values;
        if (after is null || !after.TryGetValue(Region, out var region) || region.Kind != AttributeKind.S || !after.TryGetValue(Time, out var time) || time.Kind != AttributeKind.N)
        {
            return false;
        }

        var isInsert = EntryMaker.ActionOf(record) == ChangeAction.Insert;
        var isNew = isInsert || (before is not null && !(before.TryGetValue(Time, out var last) && last.Equals(time)));
        return isNew && IsNear(time.Text, record.ApproximateCreationTime)
            && ((record.Region is { } here && region.Text != here) || (before is not null && IsSame(before, after)));
    }

    /// <summary>Whether a place is one of those attributes: they are renewed by DynamoDB, so they do not tell that an application kept another up to date.</summary>
    public static bool Keeps(AttributePath place) => place.Segments[0].StartsWith(Prefix, StringComparison.Ordinal);

    private static bool IsNear(string seconds, DateTimeOffset time) =>
        decimal.TryParse(seconds, NumberStyles.Float, CultureInfo.InvariantCulture, out var at)
        && Math.Abs(at - time.ToUnixTimeSeconds()) <= (decimal)Attribution.ClockSkewMax.TotalSeconds;

    private static bool IsSame(AttributeMap before, AttributeMap after) => Own(before).Equals(Own(after));

    private static AttributeMap Own(AttributeMap item) => new([.. item.Where(member => !member.Key.StartsWith(Prefix, StringComparison.Ordinal))]);
}
