namespace Afterimage.Trail;

/// <summary>What those who pass entries on keep beside them: how far each has got, what waits, what was set aside. Notes are small, and lie in books.</summary>
public interface ITrailNotes
{
    /// <summary>The most notes of one write (API reference of DynamoDB, TransactWriteItems: 100 actions).</summary>
    const int WritesMax = 100;

    /// <summary>The most characters of one note; far more fit anywhere, and far fewer are needed.</summary>
    const int TextMax = 32_768;

    /// <summary>What sorts behind every name that begins so.</summary>
    internal static string Behind(string prefix) => $"{prefix}\U0010FFFF";

    /// <summary>The notes of a book whose names begin so, in the ordinal order of their names.</summary>
    IAsyncEnumerable<TrailNote> ReadAsync(string book, string prefix, CancellationToken ct);

    /// <summary>Writes notes of a book, all or none.</summary>
    /// <returns>
    /// Whether they were written. If not, one of them is not as it was seen: somebody else wrote it, or this very write was done before and its answer was lost. Whoever writes reads again.
    /// </returns>
    Task<bool> WriteAsync(string book, IReadOnlyList<NoteWrite> writes, CancellationToken ct);
}

/// <summary>A note.</summary>
/// <param name="Name">Its name in the book.</param>
/// <param name="Text">What it says.</param>
/// <param name="Version">Raised by each write, from 1.</param>
public sealed record TrailNote(string Name, string Text, long Version)
{
    /// <summary>The write that makes it say something else.</summary>
    public NoteWrite Saying(string text) => new(Name, text, Version);

    /// <summary>The write that takes it away.</summary>
    public NoteWrite Gone() => new(Name, null, Version);
}

/// <summary>One note of a write.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Text">What it is to say; null takes it away.</param>
/// <param name="Seen">The version that it must still have; 0 if there must be none.</param>
public sealed record NoteWrite(string Name, string? Text, long Seen)
{
    /// <summary>A note where there is none.</summary>
    public static NoteWrite New(string name, string text) => new(name, text, 0);

    /// <summary>Holds a write to what every one of them must be.</summary>
    /// <exception cref="ArgumentException">It is too large, names a note twice, or takes away what is not there.</exception>
    internal static void Check(IReadOnlyList<NoteWrite> writes)
    {
        var isWrong = writes.Count is 0 or > ITrailNotes.WritesMax
            || writes.DistinctBy(write => write.Name).Count() != writes.Count
            || writes.Any(write => write is { Text: null, Seen: 0 } or { Text.Length: > ITrailNotes.TextMax } or { Name.Length: 0 });
        if (isWrong)
        {
            throw new ArgumentException($"{writes.Count} notes cannot be written at once, or one of them is none: {string.Join(", ", writes.Select(write => write.Name).Take(3))}.", nameof(writes));
        }
    }
}
