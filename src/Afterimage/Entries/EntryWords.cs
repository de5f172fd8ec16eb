namespace Afterimage.Entries;

/// <summary>How the closed sets of values of an entry are spelled in its JSON.</summary>
public static class EntryWords
{
    private static readonly (EntryKind Value, string Word)[] Kinds = [(EntryKind.Change, "change")];

    private static readonly (ChangeAction Value, string Word)[] Actions =
        [(ChangeAction.Insert, "INSERT"), (ChangeAction.Modify, "MODIFY"), (ChangeAction.Remove, "REMOVE")];

    private static readonly (ActorSource Value, string Word)[] Sources =
        [(ActorSource.Unknown, "unknown"), (ActorSource.TimeToLive, "ttl"), (ActorSource.Attribute, "attribute")];

    private static readonly (ChangeOp Value, string Word)[] Ops =
        [(ChangeOp.Add, "add"), (ChangeOp.Remove, "remove"), (ChangeOp.Replace, "replace")];

    /// <summary>What an entry stands for.</summary>
    public static string Of(EntryKind kind) => Word(Kinds, kind);

    /// <summary>What was done to the item, as DynamoDB names it.</summary>
    public static string Of(ChangeAction action) => Word(Actions, action);

    /// <summary>How an actor is known.</summary>
    public static string Of(ActorSource source) => Word(Sources, source);

    /// <summary>The operation of a change, as RFC 6902 names it.</summary>
    public static string Of(ChangeOp op) => Word(Ops, op);

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
