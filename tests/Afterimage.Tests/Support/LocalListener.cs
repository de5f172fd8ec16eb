using System.Net;
using System.Net.Sockets;

namespace Afterimage.Tests.Support;

/// <summary>Listens for HTTP on a port of this machine that was free.</summary>
internal sealed class LocalListener : IDisposable
{
    private readonly HttpListener listener = new();
    private readonly TaskCompletionSource closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public LocalListener()
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        Endpoint = $"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}/";
        free.Stop();
        listener.Prefixes.Add(Endpoint);
        listener.Start();
    }

    public string Endpoint { get; }

    /// <summary>The next call; null once nobody listens any more.</summary>
    public async Task<HttpListenerContext?> NextAsync()
    {
        try
        {
            // One that begins to wait while the listener is closed is told of nothing.
            var next = listener.GetContextAsync();
            return await Task.WhenAny(next, closed.Task) == next ? await next : null;
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or InvalidOperationException)
        {
            return null;
        }
    }

    public void Dispose()
    {
        closed.TrySetResult();
        listener.Close();
    }
}
