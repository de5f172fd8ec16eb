namespace Afterimage.Proof;

/// <summary>What a shard continues.</summary>
internal readonly ref struct ShardParent
{
    private ShardParent(ReadOnlySpan<byte> shard, TreeState? state, bool isUnread)
    {
        Shard = shard;
        State = state;
        IsUnread = isUnread;
    }

    /// <summary>Nothing: the stream begins here.</summary>
    public static ShardParent Beginning => default;

    /// <summary>A shard that this trail never read.</summary>
    public static ShardParent Unread => new(default, null, isUnread: true);

    /// <summary>The canonical text of the shard's id, with quotes; empty without a parent that was read.</summary>
    public ReadOnlySpan<byte> Shard { get; }

    /// <summary>The tree that the parent ended with, its last leaf included.</summary>
    public TreeState? State { get; }

    /// <summary>Whether there is a parent that was not read.</summary>
    public bool IsUnread { get; }

    /// <summary>A shard that was read to its end.</summary>
    public static ShardParent Read(ReadOnlySpan<byte> shard, TreeState state) => new(shard, state, isUnread: false);
}
