using System.Diagnostics;

namespace Afterimage.Stamp;

/// <summary>Who is acting: what the writes of a <see cref="StampedDynamoDBClient"/> say as long as a scope is open.</summary>
/// <remarks>It flows with asynchronous calls and with tasks that are started in it, and ends everywhere at once when it is disposed.</remarks>
public static class AuditScope
{
    private static readonly AsyncLocal<Frame?> Innermost = new();

    internal static Author? Current => Innermost.Value?.Live()?.Author;

    /// <summary>Opens a scope; what is not given is taken from the scope around it.</summary>
    /// <param name="actor">Who is acting, such as <c>alice@example.com</c>; null or empty: the outer scope's, else nobody.</param>
    /// <param name="service">The program that acts; null or empty: the outer scope's, else <see cref="StampOptions.Service"/>.</param>
    /// <param name="reason">Why, in the words of people: <c>refund 77</c>; null or empty: the outer scope's, else none.</param>
    /// <param name="request">What links the change to a request; null or empty: the outer scope's, else the trace id of the <see cref="Activity"/> that is current when something is written.</param>
    /// <returns>Ends the scope when it is disposed, in whatever order scopes are; what is around it counts again then.</returns>
    public static IDisposable Begin(string? actor = null, string? service = null, string? reason = null, string? request = null)
    {
        var around = Innermost.Value?.Live();
        var frame = new Frame(around, new Author(actor, service, reason, request).Or(around?.Author));
        Innermost.Value = frame;
        return frame;
    }

    // A scope that was disposed counts nowhere, not even in a task that was started in it and goes on: no name is better than one from before.
    private sealed class Frame(Frame? around, Author author) : IDisposable
    {
        private volatile bool ended;

        public Author Author => author;

        public Frame? Live()
        {
            var frame = this;
            while (frame is { ended: true })
            {
                frame = frame.Around;
            }

            return frame;
        }

        public void Dispose()
        {
            ended = true;
            Innermost.Value = Innermost.Value?.Live();
        }

        private Frame? Around => around;
    }
}

/// <summary>What a stamp says of who acted; a member that says nothing is null, never empty.</summary>
internal sealed record Author
{
    public Author(string? actor = null, string? service = null, string? reason = null, string? request = null)
    {
        Actor = Said(actor);
        Service = Said(service);
        Reason = Said(reason);
        Request = Said(request);
    }

    public string? Actor { get; private init; }

    public string? Service { get; private init; }

    public string? Reason { get; private init; }

    public string? Request { get; private init; }

    /// <summary>The same with what is missing taken from another.</summary>
    public Author Or(Author? other) => other is null
        ? this
        : new(Actor ?? other.Actor, Service ?? other.Service, Reason ?? other.Reason, Request ?? other.Request);

    private static string? Said(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
