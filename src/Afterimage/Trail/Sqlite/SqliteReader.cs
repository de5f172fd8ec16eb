using Afterimage.Entries;
using Afterimage.Trail.Bodies;

namespace Afterimage.Trail.Sqlite;

/// <summary>Reads entries by their numbers within one transaction. Those that lie in one block are read best one after the other.</summary>
internal sealed class SqliteReader(SqliteSession session)
{
    private readonly Dictionary<(long Shard, long Rules), EntryText> texts = [];
    private StoredBlock? block;
    private List<ReadOnlyMemory<byte>> leaves = [];
    private List<ReadOnlyMemory<byte>> bodies = [];

    /// <summary>The entry of this number.</summary>
    public AuditEntry Read(long no)
    {
        if (block is null || no < block.No || no >= block.No + leaves.Count)
        {
            block = SqliteBlocks.Of(session, no);
            leaves = Block.Unpack(block.Texts);
            bodies = Block.Unpack(block.Bodies);
        }

        if (!texts.TryGetValue(block.Kin, out var text))
        {
            text = new EntryText(block.Stream, block.Shard, RulesText.Read(block.Rules));
            texts.Add(block.Kin, text);
        }

        var at = (int)(no - block.No);
        return EntryJson.Read(text.Json(block.Place + at, leaves[at], bodies[at]));
    }
}
