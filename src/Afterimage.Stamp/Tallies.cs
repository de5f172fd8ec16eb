using System.Diagnostics.Metrics;

namespace Afterimage.Stamp;

/// <summary>What is told by the meter <c>Afterimage.Stamp</c>: the writes that name nobody, and why.</summary>
internal static class Tallies
{
    private static readonly Meter Meter = new("Afterimage.Stamp");

    private static readonly Counter<long> UnstampedWrites = Meter.CreateCounter<long>(
        "afterimage.stamp.unstamped", "{write}", "Writes that were made without a stamp, by operation and reason.");

    private static readonly Counter<long> MarksLeft = Meter.CreateCounter<long>(
        "afterimage.stamp.marks_left", "{mark}", "Marks of deletes that failed and could not be taken off again.");

    public static void Unstamped(string operation, string reason, long count = 1) =>
        UnstampedWrites.Add(count, new("operation", operation), new("reason", reason));

    public static void MarkLeft() => MarksLeft.Add(1);
}

/// <summary>Why a write has no stamp.</summary>
internal static class Reasons
{
    /// <summary>Statements of PartiQL go to DynamoDB as they are.</summary>
    public const string PartiQL = "partiql";

    /// <summary>DynamoDB refused the stamped write and took the plain one: the item had no room left, mostly.</summary>
    public const string DoesNotFit = "does-not-fit";

    /// <summary>A condition in the legacy form that cannot be joined with the mark's.</summary>
    public const string LegacyCondition = "legacy-condition";

    /// <summary>Others wrote the item between mark and delete, again and again.</summary>
    public const string Contended = "contended";

    /// <summary>A transaction's delete, which cannot be marked within it.</summary>
    public const string Transaction = "transaction";

    /// <summary>The table's key attributes are not in the item.</summary>
    public const string NoKey = "no-key";
}
