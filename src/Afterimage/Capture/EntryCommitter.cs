using System.Buffers;
using System.Text;
using Afterimage.Entries;
using Afterimage.Entries.Raw;
using Afterimage.Proof;
using Afterimage.Streams.Records;
using Afterimage.Streams.Records.Tape;
using Afterimage.Trail;
using Afterimage.Trail.Bodies;

namespace Afterimage.Capture;

/// <summary>
/// Makes leaves and bodies of the records of one shard: what the trail keeps, and what it will be held to. A record read again gives the same
/// bytes. Not for two threads.
/// </summary>
internal sealed class EntryCommitter : IDisposable
{
    private readonly StreamArn stream;
    private readonly ShardId shard;
    private readonly TableRules rules;
    private readonly RawRecord record;
    private readonly ShardSalts salts;
    private readonly EntryCommitment commitment = new();
    private readonly TapeAttributes attributes;
    private readonly ChangeDisclosures disclosures;
    private readonly ArrayBufferWriter<byte> leaf = new();
    private readonly byte[] secret = new byte[ShardSalts.SecretSize];

    /// <summary>A committer for a shard of a table with these rules.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="shard">The shard.</param>
    /// <param name="rules">What is configured for the table.</param>
    /// <param name="saltKey">The shard's 32 secret bytes.</param>
    public EntryCommitter(StreamArn stream, ShardId shard, TableRules rules, ReadOnlySpan<byte> saltKey)
    {
        (this.stream, this.shard, this.rules) = (stream, shard, rules);
        record = new RawRecord(stream, new RawRules(rules));
        salts = new ShardSalts(saltKey);
        attributes = new TapeAttributes(record.Tape);
        disclosures = new ChangeDisclosures(commitment, rules.Redact);
    }

    /// <summary>Makes what is kept of a record.</summary>
    /// <param name="raw">The record as delivered.</param>
    /// <param name="index">The place its leaf takes in the shard.</param>
    /// <param name="timeIfUnreadable">What an unreadable record is filed under.</param>
    /// <param name="standing">What the change's stamp is worth.</param>
    public TrailLeaf Commit(ReadOnlyMemory<byte> raw, long index, DateTimeOffset timeIfUnreadable, StampStanding standing = StampStanding.Own)
    {
        try
        {
            return record.TryRead(raw.Span) ? OfBytes(raw, index) : OfValues(RecordValues.Read(raw), index, standing);
        }
        catch (FormatException e)
        {
            return Unreadable(raw, e.Message, index, timeIfUnreadable);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        salts.Dispose();
        commitment.Dispose();
    }

    private TrailLeaf OfBytes(ReadOnlyMemory<byte> raw, long index)
    {
        var tape = record.Tape;
        var envelope = tape.Envelope;
        var seq = tape.Bytes(envelope.SequenceNumber);
        Span<byte> eid = stackalloc byte[EntryId.Length];
        RawId.Write(record.Id, eid);
        salts.Derive(seq, secret);
        var redacted = rules.Redact.Count == 0 ? null : EntryMaker.FromRecord(RecordValues.Read(raw), stream, shard, index, rules, StampStanding.Own);
        disclosures.Take(attributes, secret, redacted);
        var hash = WriteLeaf(EntryKind.Change, envelope.Seconds.GetValueOrDefault(), eid, index, tape.Bytes(envelope.EventName), seq);
        return new TrailLeaf(leaf.WrittenSpan.ToArray(), hash, new CommittedEntry
        {
            Id = new EntryId(Encoding.ASCII.GetString(eid)),
            Time = record.Time,
            Action = record.Action,
            Entity = Text(record.Entity),
            Tenant = Text(record.Tenant),
            Actor = Text(record.ActorId),
            IsAttributed = record.ActorSource != ActorSource.Unknown,
            Keys = record.Keys.ToArray(),
            SequenceNumber = new SequenceNumber(Encoding.ASCII.GetString(seq)),
            Body = disclosures.Body.ToArray(),
        });
    }

    /// <summary>The same by way of values: for what bytes alone do not do for, and what bytes are held to.</summary>
    internal TrailLeaf OfValues(RecordValues values, long index, StampStanding standing = StampStanding.Own)
    {
        var entry = EntryMaker.FromRecord(values, stream, shard, index, rules, standing);
        var seq = Encoding.ASCII.GetBytes(values.Record.SequenceNumber.Text);
        salts.Derive(seq, secret);
        disclosures.Take(new ValueAttributes(values, standing), secret, rules.Redact.Count == 0 ? null : entry);
        var hash = WriteLeaf(
            entry.Kind, values.Record.ApproximateCreationTime.ToUnixTimeSeconds(), Encoding.ASCII.GetBytes(entry.Id.Value), index, Encoding.ASCII.GetBytes(values.Record.EventName), seq);
        return new TrailLeaf(leaf.WrittenSpan.ToArray(), hash, CommittedEntry.Of(entry, disclosures.Body.ToArray()));
    }

    private TrailLeaf Unreadable(ReadOnlyMemory<byte> raw, string reason, long index, DateTimeOffset time)
    {
        var entry = EntryMaker.Unreadable(raw, reason, stream, shard, index, rules, time);
        leaf.ResetWrittenCount();
        var hash = LeafText.WriteRaw(
            leaf, Encoding.ASCII.GetBytes(entry.Id.Value), index, Encoding.ASCII.GetBytes(entry.SequenceNumber ?? string.Empty), Sha256Hash.Of(raw.Span));
        var body = new BodyWriter();
        body.WriteJson(EntryJson.ToUtf8(entry));
        return new TrailLeaf(leaf.WrittenSpan.ToArray(), hash, CommittedEntry.Of(entry, body.Written.ToArray()));
    }

    private Sha256Hash WriteLeaf(EntryKind kind, long at, ReadOnlySpan<byte> eid, long index, ReadOnlySpan<byte> op, ReadOnlySpan<byte> seq)
    {
        leaf.ResetWrittenCount();
        return LeafText.WriteEntry(leaf, at, eid, index, commitment.Item, op, seq, isMark: kind == EntryKind.Mark);
    }

    private string? Text(TapeText text) => text.IsPresent ? Encoding.UTF8.GetString(record.Tape.Bytes(text)) : null;
}
