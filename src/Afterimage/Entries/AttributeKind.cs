namespace Afterimage.Entries;

/// <summary>The ten types of DynamoDB, each named as its tag in DynamoDB JSON, and one that is not of DynamoDB.</summary>
public enum AttributeKind
{
    /// <summary>A string.</summary>
    S,

    /// <summary>A number of up to 38 digits.</summary>
    N,

    /// <summary>Bytes.</summary>
    B,

    /// <summary>True or false.</summary>
    BOOL,

    /// <summary>Null.</summary>
    NULL,

    /// <summary>A set of strings.</summary>
    SS,

    /// <summary>A set of numbers.</summary>
    NS,

    /// <summary>A set of byte strings.</summary>
    BS,

    /// <summary>A map by name.</summary>
    M,

    /// <summary>A list.</summary>
    L,

    /// <summary>
    /// What was here is not kept. Only entries hold it, written <c>{"redacted": true}</c>; a record that claims it cannot be read.
    /// </summary>
    REDACTED,
}
