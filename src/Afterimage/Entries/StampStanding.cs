namespace Afterimage.Entries;

/// <summary>What a change's stamp is worth, as only what lies beside the record can tell.</summary>
internal enum StampStanding
{
    /// <summary>It tells of this change, if its nonce, item and time say so.</summary>
    Own,

    /// <summary>The item bore it before: it came back with a copy and tells of nobody.</summary>
    CameBack,

    /// <summary>An intent of this nonce was committed together with the change.</summary>
    InTransaction,
}
