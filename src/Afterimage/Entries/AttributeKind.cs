namespace Afterimage.Entries;

/// <summary>The ten types of DynamoDB; the name of each is its tag in DynamoDB JSON.</summary>
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
}
