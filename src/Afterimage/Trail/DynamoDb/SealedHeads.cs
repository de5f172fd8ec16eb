using System.Runtime.CompilerServices;
using System.Text;
using Afterimage.Entries;
using Afterimage.Trail.DynamoDb.Table;

namespace Afterimage.Trail.DynamoDb;

/// <summary>
/// The heads of each tree, one item each beside the log, so that whoever asks for those of one tree does not read those of all. Before a seal is put, those of the seal
/// before are there.
/// </summary>
internal sealed class SealedHeads(IItemTable table)
{
    /// <summary>The heads of a tree, in the order of the log.</summary>
    /// <param name="tree">The tree.</param>
    /// <param name="last">The last seal, read before: it alone may not have been finished. Null where there is none.</param>
    /// <param name="ct">Gives up.</param>
    public async IAsyncEnumerable<PlacedHead> OfAsync(TreeName tree, Seal? last, [EnumeratorCancellation] CancellationToken ct)
    {
        if (last is null)
        {
            yield break;
        }

        await foreach (var item in table.AllAsync(new ItemQuery(Layout.HeadsOf(tree)) { Through = Layout.Place(last.End.Epoch - 1) }, ct))
        {
            yield return new PlacedHead(item.Integer("place"), Bytes(item, "text"), Bytes(item, "seal"), Bytes(item, "before"));
        }

        foreach (var (_, head) in last.PlacedHeads.Where(one => one.Tree == tree))
        {
            yield return head;
        }
    }

    /// <summary>Puts the heads of a seal. Whoever puts them puts the same.</summary>
    public Task PutAsync(Seal seal, CancellationToken ct) => table.PutManyAsync(
        [.. seal.PlacedHeads.Select(one => NewItem.Of(
            new ItemKey(Layout.HeadsOf(one.Tree), Layout.Place(seal.End.Epoch)),
            ("place", Cell.Of(one.Head.Place)),
            ("text", Text(one.Head.Text)),
            ("seal", Text(one.Head.Seal)),
            ("before", Text(one.Head.SealBefore))))],
        ct);

    private static AttributeValue Text(ReadOnlyMemory<byte> text) => AttributeValue.String(Encoding.UTF8.GetString(text.Span));

    private static byte[] Bytes(Item item, string attribute) => Encoding.UTF8.GetBytes(item.Text(attribute));
}
