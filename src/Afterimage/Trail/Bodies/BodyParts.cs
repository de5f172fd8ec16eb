using Afterimage.Entries;

namespace Afterimage.Trail.Bodies;

/// <summary>How a body is written: its first byte.</summary>
internal enum BodyForm : byte
{
    /// <summary>Every attribute with its values, and the one secret that all salts are made from.</summary>
    Whole = 1,

    /// <summary>Something is hidden: the salts of the rest one by one, and what was derived from the hidden values.</summary>
    Hiding = 2,

    /// <summary>The entry's JSON as it stands: a record that could not be read.</summary>
    Json = 3,

    /// <summary>Nothing: the leaf says all there is.</summary>
    Notice = 4,
}

/// <summary>Which images a change came with, and what of it only the entries before it can tell.</summary>
[Flags]
internal enum BodyFlags : byte
{
    /// <summary>Neither.</summary>
    None = 0,

    /// <summary>The one before.</summary>
    OldImage = 1,

    /// <summary>The one after.</summary>
    NewImage = 2,

    /// <summary>Its stamp was on the item before and came back with a copy: it does not say who made this change.</summary>
    StampCameBack = 4,

    /// <summary>An intent of its stamp's nonce was committed together with it.</summary>
    InTransaction = 8,
}

/// <summary>What flags say of a change's stamp.</summary>
internal static class StampFlags
{
    /// <summary>The flags that are not about images.</summary>
    public const BodyFlags All = BodyFlags.StampCameBack | BodyFlags.InTransaction;

    /// <summary>Read from them.</summary>
    /// <exception cref="FormatException">They contradict each other.</exception>
    public static StampStanding Standing(this BodyFlags flags) => (flags & All) switch
    {
        BodyFlags.None => StampStanding.Own,
        BodyFlags.StampCameBack => StampStanding.CameBack,
        BodyFlags.InTransaction => StampStanding.InTransaction,
        _ => throw new FormatException("A stamp that came back with a copy is not of a transaction."),
    };

    /// <summary>Written as them.</summary>
    public static BodyFlags Of(StampStanding standing) => standing switch
    {
        StampStanding.CameBack => BodyFlags.StampCameBack,
        StampStanding.InTransaction => BodyFlags.InTransaction,
        _ => BodyFlags.None,
    };
}

/// <summary>Where an attribute stands, and what is kept of it.</summary>
[Flags]
internal enum BodyAttribute : byte
{
    /// <summary>Nowhere.</summary>
    None = 0,

    /// <summary>In the key.</summary>
    Key = 1,

    /// <summary>In the image before.</summary>
    Before = 2,

    /// <summary>In the image after.</summary>
    After = 4,

    /// <summary>With one value, wherever it stands.</summary>
    Same = 8,

    /// <summary>Only its digest proves it.</summary>
    Hidden = 16,

    /// <summary>Hidden, and what is left of its values is kept beside the digest.</summary>
    Partly = 32,
}
