using System.Runtime.CompilerServices;

namespace Afterimage.Stamp;

/// <summary>Copies of requests, so that the caller's own stay as they are.</summary>
internal static class Copy
{
    /// <summary>One of the same type with the same members.</summary>
    /// <remarks>Member by member in the source, what a later SDK adds to a request would be left out of it without a word.</remarks>
    public static T Of<T>(T original)
        where T : class => (T)MemberwiseClone(original);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = nameof(MemberwiseClone))]
    private static extern object MemberwiseClone(object original);
}
