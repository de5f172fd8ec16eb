using System.Globalization;
using Afterimage.Trail;

namespace Afterimage.Tests.Contracts;

/// <summary>What every trail does with the notes of those who pass its entries on. A class that derives from it opens the trail of its kind.</summary>
public abstract class NotesContract
{
    private const string Book = "sink sns:arn:aws:sns:us-east-1:123456789012:audit.fifo";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    protected abstract ITrailNotes Notes { get; }

    [Fact]
    public async Task A_note_is_read_as_it_was_written_and_each_write_raises_its_version()
    {
        (await Notes.WriteAsync(Book, [NoteWrite.New("a", "one ü \"quoted\" \n 𝄞")], Ct)).ShouldBeTrue();
        var first = (await AllAsync(Book, "a")).Single();
        (await Notes.WriteAsync(Book, [first.Saying("two")], Ct)).ShouldBeTrue();

        first.ShouldBe(new TrailNote("a", "one ü \"quoted\" \n 𝄞", 1));
        (await AllAsync(Book, string.Empty)).ShouldBe([new TrailNote("a", "two", 2)]);
    }

    [Fact]
    public async Task Of_two_who_saw_the_same_note_one_writes_it()
    {
        await Notes.WriteAsync(Book, [NoteWrite.New("a", "one")], Ct);
        var seen = (await AllAsync(Book, "a")).Single();

        (await Notes.WriteAsync(Book, [seen.Saying("anna")], Ct)).ShouldBeTrue();
        (await Notes.WriteAsync(Book, [seen.Saying("ben")], Ct)).ShouldBeFalse();
        (await Notes.WriteAsync(Book, [seen.Gone()], Ct)).ShouldBeFalse();
        (await Notes.WriteAsync(Book, [NoteWrite.New("a", "carol")], Ct)).ShouldBeFalse();

        (await AllAsync(Book, "a")).Single().Text.ShouldBe("anna");
    }

    [Fact]
    public async Task Of_notes_that_are_written_together_all_are_written_or_none()
    {
        await Notes.WriteAsync(Book, [NoteWrite.New("a", "one"), NoteWrite.New("b", "one")], Ct);

        (await Notes.WriteAsync(Book, [NoteWrite.New("c", "one"), new NoteWrite("b", "two", 7)], Ct)).ShouldBeFalse();
        (await AllAsync(Book, string.Empty)).Select(note => note.Name).ShouldBe(["a", "b"]);

        (await Notes.WriteAsync(Book, [NoteWrite.New("c", "one"), new NoteWrite("b", "two", 1), new NoteWrite("a", null, 1)], Ct)).ShouldBeTrue();
        (await AllAsync(Book, string.Empty)).ShouldBe([new TrailNote("b", "two", 2), new TrailNote("c", "one", 1)]);
    }

    [Fact]
    public async Task Notes_come_in_the_order_of_their_names_those_of_other_books_and_prefixes_left_out()
    {
        var names = Enumerable.Range(0, 1_100).Select(number => $"waits/{number.ToString("D6", CultureInfo.InvariantCulture)}").ToList();
        foreach (var some in names.Chunk(ITrailNotes.WritesMax))
        {
            (await Notes.WriteAsync(Book, [.. some.Select(name => NoteWrite.New(name, name))], Ct)).ShouldBeTrue();
        }

        await Notes.WriteAsync(Book, [NoteWrite.New("wait", "0"), NoteWrite.New("waits", "1"), NoteWrite.New("waits0", "2")], Ct);
        await Notes.WriteAsync($"{Book} ", [NoteWrite.New("waits/000000", "of another")], Ct);

        (await AllAsync(Book, "waits/")).Select(note => note.Text).ShouldBe(names);
    }

    [Fact]
    public async Task A_write_that_can_be_none_is_refused()
    {
        foreach (var wrong in (IReadOnlyList<NoteWrite>[])
            [[], [new NoteWrite("a", null, 0)], [NoteWrite.New("a", "1"), NoteWrite.New("a", "2")], [NoteWrite.New("a", new string('x', ITrailNotes.TextMax + 1))], [NoteWrite.New(string.Empty, "x")]])
        {
            await Should.ThrowAsync<ArgumentException>(() => Notes.WriteAsync(Book, wrong, Ct));
        }
    }

    private async Task<IReadOnlyList<TrailNote>> AllAsync(string book, string prefix) => await Notes.ReadAsync(book, prefix, Ct).ToListAsync(Ct);
}
