using System.Buffers;
using System.Text;
using Afterimage.Entries;
using Afterimage.Proof;

namespace Afterimage.Trail.Sqlite;

/// <summary>What was done to the trail itself.</summary>
internal static class SqliteAdmin
{
    /// <summary>The number by which the log knows its tree; shards count from 1.</summary>
    public const long No = 0;

    /// <summary>The tree, if it has grown since it was last sealed.</summary>
    public static List<GrownTree> Grown(SqliteSession session)
    {
        var known = (byte[]?)session.Scalar("SELECT tree FROM sealed WHERE shard = $1", No) is { } bytes ? TreeState.Read(bytes) : TreeState.Empty;
        var tree = Tree(session);
        return tree.Size == known.Size ? [] : [new GrownTree(TreeName.Administration, known, null, tree, IsEnd: false)];
    }

    public static TreeState Tree(SqliteSession session) => TreeState.Read((byte[])session.Scalar("SELECT admin_tree FROM trail")!);

    /// <summary>Leaves from a place on, as one run.</summary>
    public static List<LeafRun> Leaves(SqliteSession session, long from, long to, int max)
    {
        var texts = session.Rows(
            row => (ReadOnlyMemory<byte>)(byte[])row.GetValue(0), "SELECT text FROM admin WHERE place >= $1 AND place < $2 ORDER BY place LIMIT $3", from, to, max);
        return texts.Count == 0 ? [] : [new LeafRun(from, texts, null)];
    }

    public static bool NoteRules(SqliteSession session, IReadOnlyList<RulesInForce> rules, DateTimeOffset at)
    {
        foreach (var rule in rules)
        {
            var (text, shard) = (Encoding.UTF8.GetBytes(rule.Rules), Canonical(rule.Tree.Value));
            Add(session, (into, index) => AdminText.WriteConfiguration(into, at.ToUnixTimeSeconds(), rule.From, index, text, shard));
        }

        return true;
    }

    public static void NoteAcknowledged(SqliteSession session, EntryId gap, DateTimeOffset at, string reason)
    {
        var text = Canonical(reason);
        Add(session, (into, index) => AdminText.WriteAcknowledged(into, at.ToUnixTimeSeconds(), Encoding.ASCII.GetBytes(gap.Value), index, text));
    }

    private static void Add(SqliteSession session, Func<IBufferWriter<byte>, long, Sha256Hash> write)
    {
        var tree = Tree(session);
        if (tree.Size == 0)
        {
            var name = session.Scalar("SELECT name FROM trail") as string ?? throw new InvalidOperationException("A trail has a name before anything is done to it.");
            tree = Add(session, tree, (into, _) => AdminText.WriteOpen(into, Canonical(name)));
        }

        Add(session, tree, write);
    }

    private static TreeState Add(SqliteSession session, TreeState tree, Func<IBufferWriter<byte>, long, Sha256Hash> write)
    {
        var text = new ArrayBufferWriter<byte>();
        var after = tree.Append(write(text, tree.Size));
        session.Run("INSERT INTO admin (place, text) VALUES ($1, $2)", tree.Size, text.WrittenSpan.ToArray());
        session.Run("UPDATE trail SET admin_tree = $1", after.ToBytes());
        return after;
    }

    private static byte[] Canonical(string text) => Encoding.UTF8.GetBytes(CanonicalText.Of(text));
}
