namespace Afterimage.Entries;

/// <summary>One difference between two images: an RFC 6902 operation that also carries what was there before, so that it reverses.</summary>
/// <param name="Op">What was done.</param>
/// <param name="Path">An RFC 6901 pointer through attribute names and list indexes, without the type tags of DynamoDB JSON.</param>
/// <param name="Old">What was there; null for <see cref="ChangeOp.Add"/> alone.</param>
/// <param name="Value">What is there now; null for <see cref="ChangeOp.Remove"/> alone.</param>
/// <exception cref="ArgumentException">A value is missing, or there is one that the operation does not have.</exception>
public sealed record Change(ChangeOp Op, string Path, AttributeValue? Old, AttributeValue? Value)
{
    /// <summary>What was there; null for <see cref="ChangeOp.Add"/> alone.</summary>
    public AttributeValue? Old { get; init; } = (Old is null) == (Op == ChangeOp.Add)
        ? Old
        : throw new ArgumentException($"The change {Op} of '{Path}' {(Old is null ? "lacks" : "cannot have")} an old value.", nameof(Old));

    /// <summary>What is there now; null for <see cref="ChangeOp.Remove"/> alone.</summary>
    public AttributeValue? Value { get; init; } = (Value is null) == (Op == ChangeOp.Remove)
        ? Value
        : throw new ArgumentException($"The change {Op} of '{Path}' {(Value is null ? "lacks" : "cannot have")} a new value.", nameof(Value));
}

/// <summary>The operation of a change, as RFC 6902 names it.</summary>
public enum ChangeOp
{
    /// <summary>An attribute or list element that was not there.</summary>
    Add,

    /// <summary>An attribute or list element that is gone.</summary>
    Remove,

    /// <summary>Another value, or another type, in the same place.</summary>
    Replace,
}
