using Afterimage.Trail.DynamoDb.Table;

namespace Afterimage.Trail.DynamoDb;

/// <summary>Notes as items, a partition for each book.</summary>
internal sealed class DynamoNotes(IItemTable table) : ITrailNotes
{
    private const string Text = "text";
    private const string Version = "version";

    public IAsyncEnumerable<TrailNote> ReadAsync(string book, string prefix, CancellationToken ct)
    {
        var query = new ItemQuery(Layout.NotesOf(book)) { Through = ITrailNotes.Behind(prefix) };
        return table.AllAsync(prefix.Length == 0 ? query : query with { From = prefix }, ct).Select(item => new TrailNote(item.Key.Sort, item.Text(Text), item.Integer(Version)));
    }

    public Task<bool> WriteAsync(string book, IReadOnlyList<NoteWrite> writes, CancellationToken ct)
    {
        NoteWrite.Check(writes);

        // A transaction takes twice the capacity of a write by itself.
        return writes is [var only] ? table.WriteAsync(Write(book, only), ct) : table.WriteTogetherAsync([.. writes.Select(write => Write(book, write))], ct);
    }

    private static ItemWrite Write(string book, NoteWrite write)
    {
        var key = new ItemKey(Layout.NotesOf(book), write.Name);
        var seen = write.Seen == 0 ? Term.NoItem : Term.Is(Version, write.Seen);
        return write.Text is null
            ? new ItemWrite.Delete(key, seen)
            : new ItemWrite.Put(NewItem.Of(key, (Text, Cell.Of(write.Text)), (Version, Cell.Of(write.Seen + 1))), seen);
    }
}
