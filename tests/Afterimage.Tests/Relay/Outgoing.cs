using System.Globalization;
using Afterimage.Entries;
using Afterimage.Relay;
using Afterimage.Tests.Support;

namespace Afterimage.Tests.Relay;

/// <summary>Entries on their way, as the Follower makes them.</summary>
internal static class Outgoing
{
    /// <summary>So many, each of an item of its own.</summary>
    public static IReadOnlyList<OutgoingEntry> Some(int count) => [.. Enumerable.Range(1, count).Select(number => Of(Entry(number)))];

    public static OutgoingEntry Of(AuditEntry entry, int bytesMax = 256_000) =>
        new(entry, $"{entry.Table}/{(entry.Keys is null ? entry.ShardId : CanonicalText.Of(entry.Keys))}", EntryFit.Of(entry, bytesMax));

    public static AuditEntry Entry(int number) => SampleEntries.Of(
        null, Items.Item($$$"""{"id":{"S":"{{{number}}}"},"text":{"S":"é & \"quoted\" <{{{number}}}>"}}"""), (49600000000000000000m + number).ToString(CultureInfo.InvariantCulture), number);
}
