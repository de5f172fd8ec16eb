using Afterimage.Streams.Shards;

namespace Afterimage.Entries;

/// <summary>How the closed sets of values of an entry are spelled in its JSON.</summary>
public static class EntryWords
{
    private static readonly (EntryKind Value, string Word)[] Kinds =
        [(EntryKind.Change, "change"), (EntryKind.Mark, "mark"), (EntryKind.Gap, "gap"), (EntryKind.Lifecycle, "lifecycle")];

    private static readonly (ChangeAction Value, string Word)[] Actions =
        [(ChangeAction.Insert, "INSERT"), (ChangeAction.Modify, "MODIFY"), (ChangeAction.Remove, "REMOVE")];

    private static readonly (ActorSource Value, string Word)[] Sources =
        [
            (ActorSource.Unknown, "unknown"), (ActorSource.TimeToLive, "ttl"), (ActorSource.Attribute, "attribute"),
            (ActorSource.Stamp, "stamp"), (ActorSource.DeleteMark, "delete-mark"), (ActorSource.Replication, "replication"), (ActorSource.Transaction, "transaction")];

    private static readonly (ChangeOp Value, string Word)[] Ops =
        [(ChangeOp.Add, "add"), (ChangeOp.Remove, "remove"), (ChangeOp.Replace, "replace")];

    private static readonly (GapCause Value, string Word)[] Causes =
        [(GapCause.Trimmed, "trimmed"), (GapCause.ShardGone, "shardGone"), (GapCause.StreamGone, "streamGone"), (GapCause.ReEnabled, "reEnabled")];

    private static readonly (GapCertainty Value, string Word)[] Certainties = [(GapCertainty.Possible, "possible"), (GapCertainty.Certain, "certain")];

    private static readonly (LifecycleEvent Value, string Word)[] Events = [(LifecycleEvent.Begin, "begin")];

    private static readonly (StartFrom Value, string Word)[] Starts = [(StartFrom.TrimHorizon, "TRIM_HORIZON"), (StartFrom.Latest, "LATEST")];

    /// <summary>What an entry stands for.</summary>
    public static string Of(EntryKind kind) => Word(Kinds, kind);

    /// <summary>What was done to the item, as DynamoDB names it.</summary>
    public static string Of(ChangeAction action) => Word(Actions, action);

    /// <summary>How an actor is known.</summary>
    public static string Of(ActorSource source) => Word(Sources, source);

    /// <summary>The operation of a change, as RFC 6902 names it.</summary>
    public static string Of(ChangeOp op) => Word(Ops, op);

    /// <summary>Why changes are missing.</summary>
    public static string Of(GapCause cause) => Word(Causes, cause);

    /// <summary>How sure it is that changes are missing.</summary>
    public static string Of(GapCertainty certainty) => Word(Certainties, certainty);

    /// <summary>What became of a stream.</summary>
    public static string Of(LifecycleEvent what) => Word(Events, what);

    /// <summary>From where a stream is read, as DynamoDB names it.</summary>
    public static string Of(StartFrom from) => Word(Starts, from);

    /// <summary>Reads what an entry stands for.</summary>
    /// <exception cref="FormatException">No such word; the message lists those there are.</exception>
    public static EntryKind ReadKind(string word) => Read(Kinds, word);

    /// <summary>Reads what was done to the item.</summary>
    /// <exception cref="FormatException">No such word; the message lists those there are.</exception>
    public static ChangeAction ReadAction(string word) => Read(Actions, word);

    /// <summary>Reads how an actor is known.</summary>
    /// <exception cref="FormatException">No such word; the message lists those there are.</exception>
    public static ActorSource ReadSource(string word) => Read(Sources, word);

    /// <summary>Reads the operation of a change.</summary>
    /// <exception cref="FormatException">No such word; the message lists those there are.</exception>
    public static ChangeOp ReadOp(string word) => Read(Ops, word);

    /// <summary>Reads why changes are missing.</summary>
    /// <exception cref="FormatException">No such word; the message lists those there are.</exception>
    public static GapCause ReadCause(string word) => Read(Causes, word);

    /// <summary>Reads how sure it is that changes are missing.</summary>
    /// <exception cref="FormatException">No such word; the message lists those there are.</exception>
    public static GapCertainty ReadCertainty(string word) => Read(Certainties, word);

    /// <summary>Reads what became of a stream.</summary>
    /// <exception cref="FormatException">No such word; the message lists those there are.</exception>
    public static LifecycleEvent ReadEvent(string word) => Read(Events, word);

    /// <summary>Reads from where a stream is read.</summary>
    /// <exception cref="FormatException">No such word; the message lists those there are.</exception>
    public static StartFrom ReadStart(string word) => Read(Starts, word);

    private static string Word<T>((T Value, string Word)[] words, T value)
        where T : struct, Enum => words.First(pair => pair.Value.Equals(value)).Word;

    private static T Read<T>((T Value, string Word)[] words, string word)
        where T : struct, Enum
    {
        foreach (var pair in words)
        {
            if (pair.Word == word)
            {
                return pair.Value;
            }
        }

        throw new FormatException($"'{word}' is none of {string.Join(", ", words.Select(pair => pair.Word))}.");
    }
}
