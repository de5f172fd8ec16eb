using System.Text;
using Afterimage.Entries;
using Afterimage.Proof;
using Afterimage.Streams.Records;

namespace Afterimage.Trail;

/// <summary>A leaf of a shard's tree, ready to be kept in its place.</summary>
/// <param name="Text">The text that was hashed; it is kept to the byte.</param>
/// <param name="Hash">Its hash in the tree.</param>
/// <param name="Entry">The entry that it stands for; null for leaves that open or close a shard.</param>
public sealed record TrailLeaf(ReadOnlyMemory<byte> Text, Sha256Hash Hash, CommittedEntry? Entry);

/// <summary>An entry as it is kept: what it is found by, and the bytes that everything else in it is made of.</summary>
public sealed record CommittedEntry
{
    /// <summary>Its id.</summary>
    public required EntryId Id { get; init; }

    /// <summary>What the entry stands for.</summary>
    public EntryKind Kind { get; init; } = EntryKind.Change;

    /// <summary>When the change was made, or what is missing was found to be.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>INSERT, MODIFY or REMOVE; null where the record could not be read and where the entry is no change.</summary>
    public ChangeAction? Action { get; init; }

    /// <summary>The item's entity type.</summary>
    public string? Entity { get; init; }

    /// <summary>The item's tenant.</summary>
    public string? Tenant { get; init; }

    /// <summary>Who made the change.</summary>
    public string? Actor { get; init; }

    /// <summary>Whether it is known who made the change; true of what nobody made.</summary>
    public bool IsAttributed { get; init; }

    /// <summary>The item's key as canonical text; empty where there is none or the record could not be read.</summary>
    public ReadOnlyMemory<byte> Keys { get; init; }

    /// <summary>The record's sequence number; null where there is none or it could not be read.</summary>
    public SequenceNumber? SequenceNumber { get; init; }

    /// <summary>What is kept besides the leaf.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Whether a stream's record stands behind it.</summary>
    public bool IsOfRecord => Kind is EntryKind.Change or EntryKind.Mark;

    /// <summary>What is kept of a change that was made out.</summary>
    /// <param name="entry">The change.</param>
    /// <param name="body">What is kept besides the leaf.</param>
    internal static CommittedEntry Of(AuditEntry entry, ReadOnlyMemory<byte> body) => new()
    {
        Id = entry.Id,
        Kind = entry.Kind,
        Time = entry.Time,
        Action = entry.Action,
        Entity = entry.Entity,
        Tenant = entry.Tenant,
        Actor = entry.Actor.Id,
        IsAttributed = entry.Actor.Source != ActorSource.Unknown,
        Keys = entry.Keys is null ? default : Encoding.UTF8.GetBytes(CanonicalText.Of(entry.Keys)),
        SequenceNumber = entry.SequenceNumber is { } number ? new SequenceNumber(number) : null,
        Body = body,
    };
}
