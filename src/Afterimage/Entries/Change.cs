namespace Afterimage.Entries;

/// <summary>One difference between two images: an RFC 6902 operation that also carries what was there before, so that it reverses.</summary>
/// <param name="Op">What was done.</param>
/// <param name="Path">An RFC 6901 pointer through attribute names and list indexes, without the type tags of DynamoDB JSON.</param>
/// <param name="Old">What was there; null for <see cref="ChangeOp.Add"/>.</param>
/// <param name="Value">What is there now; null for <see cref="ChangeOp.Remove"/>.</param>
public sealed record Change(ChangeOp Op, string Path, AttributeValue? Old, AttributeValue? Value);

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
