using Afterimage.Entries;
using Afterimage.Streams.Records;
using Afterimage.Trail;

namespace Afterimage.Capture;

/// <summary>
/// Makes the entries of records that no trail keeps: those that a worker would make, without a place. What the items bore before is known only as far as it was seen here.
/// Not for two threads.
/// </summary>
/// <param name="rulesOf">What is configured for a table.</param>
internal sealed class UnkeptEntries(Func<string, TableRules> rulesOf)
{
    private readonly Dictionary<StreamArn, BorneStamps> borne = [];

    /// <summary>The entry of a record.</summary>
    /// <param name="stream">The stream that it is of.</param>
    /// <param name="raw">The record as delivered.</param>
    /// <param name="received">What a record is filed under that hides its own time.</param>
    /// <param name="ct">Gives up.</param>
    public async Task<AuditEntry> MakeAsync(StreamArn stream, ReadOnlyMemory<byte> raw, DateTimeOffset received, CancellationToken ct)
    {
        var rules = rulesOf(stream.Table);
        if (!borne.TryGetValue(stream, out var stamps))
        {
            borne.Add(stream, stamps = new BorneStamps(trail: null, stream, rules.Stamp));
        }

        var standing = await stamps.CameBackAsync(raw, ct) ? StampStanding.CameBack : StampStanding.Own;
        return EntryMaker.Make(raw, stream, TrailShard.Intake, TrailIntake.NoPlace, rules, DateTimeOffset.FromUnixTimeSeconds(received.ToUnixTimeSeconds()), standing);
    }
}
