using System.Text;
using Afterimage.Entries;
using Afterimage.Entries.Raw;
using Afterimage.Proof;
using Afterimage.Streams.Records;
using Afterimage.Streams.Records.Tape;
using Afterimage.Trail;
using Afterimage.Trail.Bodies;

namespace Afterimage.Verifying;

/// <summary>
/// Checks what is kept of entries against their leaves: the disclosures that the leaf's hash is over, and what was derived from them. Of one shard and one set of
/// rules; not for two threads.
/// </summary>
internal sealed class LeafCheck : IDisposable
{
    private readonly StreamArn stream;
    private readonly ShardId shard;
    private readonly TableRules rules;
    private readonly DisclosureCheck disclosures = new();
    private readonly HidingCheck hiding;
    private readonly PlainFacts? plain;
    private readonly RawRecord record;
    private readonly ByteBuffer text = new();
    private readonly OpenedRun opened = new();
    private readonly List<StoredAttribute> attributes = [];
    private (StampUse? Use, StampStanding Standing) stamp;

    public LeafCheck(StreamArn stream, ShardId shard, TableRules rules)
    {
        (this.stream, this.shard, this.rules) = (stream, shard, rules);
        record = new RawRecord(stream, new RawRules(rules));
        hiding = new HidingCheck(stream, shard, rules);
        plain = PlainFacts.AreEnough(rules) ? new PlainFacts(stream, rules) : null;
    }

    /// <summary>Checks the leaves of a run.</summary>
    /// <exception cref="FormatException">What is kept cannot be taken apart.</exception>
    public CheckedLeaf[] Check(StoredRun run)
    {
        run.Open(opened);
        var leaves = new CheckedLeaf[opened.Texts.Count];
        for (var at = 0; at < leaves.Length; at++)
        {
            leaves[at] = Check(opened.Texts[at], opened.Bodies[at], run.First + at);
        }

        return leaves;
    }

    /// <summary>Checks one leaf. Nothing of the answer lies in what is handed over.</summary>
    /// <param name="leaf">Its text.</param>
    /// <param name="body">What is kept of its entry besides.</param>
    /// <param name="place">Where it stands in the shard.</param>
    public CheckedLeaf Check(ReadOnlyMemory<byte> leaf, ReadOnlyMemory<byte> body, long place)
    {
        var hash = MerkleTree.Leaf(leaf.Span);
        stamp = default;
        ShardLeaf header;
        try
        {
            header = ShardLeaf.Read(leaf.Span);
        }
        catch (FormatException e)
        {
            return new CheckedLeaf(hash, null, null, Finding.Altered("SHARD ALTERED", $"{Place(place)}: {e.Message}"));
        }

        try
        {
            var (entry, problem) = Check(header, body);
            return new CheckedLeaf(hash, header, entry, problem is null ? null : Finding.Altered(problem.Value.Check, $"{Place(place, header)}: {problem.Value.What}"))
            {
                Gap = entry?.Kind == EntryKind.Gap ? NoticeText.Entry(header, stream, shard, rules) : null,
                Stamp = stamp.Use,
                Standing = stamp.Standing,
            };
        }
        catch (Exception e) when (e is FormatException or ArgumentException or OverflowException)
        {
            return new CheckedLeaf(hash, header, null, Finding.Altered("ITEM", $"{Place(place, header)}: what is kept of it cannot be read: {e.Message}"));
        }
    }

    public void Dispose() => disclosures.Dispose();

    private (CommittedEntry? Entry, (string Check, string What)? Problem) Check(ShardLeaf leaf, ReadOnlyMemory<byte> body)
    {
        if (leaf.Kind is "open" or "close" or "seen")
        {
            return (null, body.IsEmpty ? null : ("ITEM", "something is kept beside a leaf that has no entry"));
        }

        if (body.IsEmpty)
        {
            return (null, ("MISSING, NOT ERASED", "the leaf is there, and nothing of its entry"));
        }

        var stored = StoredBody.Read(body, attributes);
        return (leaf.Kind, stored.Form) switch
        {
            ("entry" or "mark", BodyForm.Whole) => OfRecord(leaf, stored),
            ("entry" or "mark", BodyForm.Hiding) => hiding.Check(leaf, stored, disclosures),
            ("raw", BodyForm.Json) => Unreadable(leaf, stored),
            ("gap" or "lifecycle", BodyForm.Notice) => (Notice(leaf), null),
            _ => (null, ("ITEM", $"the leaf is of kind '{leaf.Kind}', and what is kept beside it of another")),
        };
    }

    private (CommittedEntry? Entry, (string Check, string What)? Problem) OfRecord(ShardLeaf leaf, StoredBody stored)
    {
        if (disclosures.Item(stored) != leaf.Item)
        {
            return (null, ("ITEM", "its values are not those that were hashed"));
        }

        if (BodyShape.Problem(leaf, stored) is { } wrong)
        {
            return (null, ("ITEM", wrong));
        }

        var entry = (plain?.Read(leaf, stored)) ?? Anew(leaf, stored);
        return (entry, entry.Id.Value != leaf.EntryId ? ("DERIVED", $"its id should be {entry.Id}")
            : IntentCheck.Problem(stream, stamp.Standing, stamp.Use) is { } unfounded ? ("DERIVED", unfounded)
            : (entry.Kind == EntryKind.Mark) != (leaf.Kind == "mark") ? ("DERIVED", $"its stamp makes it a {EntryWords.Of(entry.Kind)}, and its leaf says otherwise")
            : null);
    }

    private CommittedEntry Anew(ShardLeaf leaf, StoredBody stored)
    {
        text.Truncate(0);
        RecordText.Append(text, leaf, stored);
        return record.TryRead(text.Written) ? OfTape(leaf, stored) : OfValues(stored);
    }

    private CommittedEntry OfTape(ShardLeaf leaf, StoredBody stored)
    {
        Span<byte> id = stackalloc byte[EntryId.Length];
        RawId.Write(record.Id, id);
        return new CommittedEntry
        {
            Id = new EntryId(Encoding.ASCII.GetString(id)),
            Time = record.Time,
            Action = record.Action,
            Entity = Text(record.Entity),
            Tenant = Text(record.Tenant),
            Actor = Text(record.ActorId),
            IsAttributed = record.ActorSource != ActorSource.Unknown,
            Keys = record.Keys.ToArray(),
            SequenceNumber = new SequenceNumber(leaf.Seq!),
            Body = default,
        };
    }

    private CommittedEntry OfValues(StoredBody stored)
    {
        var values = RecordValues.Read(text.Written.ToArray());
        stamp = (StampUse.Of(values, EntryMaker.ActionOf(values.Record), stream.Table, rules.Stamp), stored.Flags.Standing());
        return CommittedEntry.Of(EntryMaker.FromRecord(values, stream, shard, 0, rules, stamp.Standing), default);
    }

    private (CommittedEntry? Entry, (string Check, string What)? Problem) Unreadable(ShardLeaf leaf, StoredBody stored)
    {
        var entry = EntryJson.Read(stored.Json);
        if (entry.Unreadable is not { } kept || Sha256Hash.Of(kept.Raw.Span) != leaf.Sha256)
        {
            return (null, ("ITEM", "the record's bytes are not those that were hashed"));
        }

        // The place is the leaf's: what is kept of an entry that came without a shard was made before it had one.
        var expected = EntryMaker.Unreadable(kept.Raw, kept.Reason, stream, shard, entry.Index, rules, entry.Time);
        var isSame = EntryJson.ToUtf8(expected).AsSpan().SequenceEqual(stored.Json.Span) && expected.Id.Value == leaf.EntryId && expected.SequenceNumber == leaf.Seq;
        return (CommittedEntry.Of(expected, default), isSame ? null : ("DERIVED", "what is kept of it is not what follows from the record's bytes"));
    }

    private CommittedEntry Notice(ShardLeaf leaf)
    {
        var entry = NoticeText.Entry(leaf, stream, shard, rules);
        return new CommittedEntry { Id = entry.Id, Kind = entry.Kind, Time = entry.Time, IsAttributed = true, Body = default };
    }

    private string? Text(TapeText found) => found.IsPresent ? Encoding.UTF8.GetString(record.Tape.Bytes(found)) : null;

    private string Place(long place, ShardLeaf? leaf = null) => $"{(leaf?.EntryId is { } id ? $"entry {id}" : "a leaf")}, index {place} of {TreeName.Of(stream, shard)}";
}
