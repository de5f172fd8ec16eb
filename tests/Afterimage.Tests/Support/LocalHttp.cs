using System.Net;
using System.Text;

namespace Afterimage.Tests.Support;

/// <summary>An HTTP server of one test's own: every request gets what the test says of it.</summary>
internal sealed class LocalHttp : IDisposable
{
    private readonly LocalListener listener = new();
    private readonly Func<HttpListenerRequest, string, (int Status, string Body)> answer;
    private readonly Task serving;

    /// <summary>Starts it.</summary>
    /// <param name="answer">The answer to a request and its body; not called for two at once.</param>
    public LocalHttp(Func<HttpListenerRequest, string, (int Status, string Body)> answer)
    {
        this.answer = answer;
        serving = ServeAsync();
    }

    public string Endpoint => listener.Endpoint;

    public void Dispose()
    {
        listener.Dispose();
        serving.GetAwaiter().GetResult();
    }

    private async Task ServeAsync()
    {
        while (await listener.NextAsync() is { } call)
        {
            try
            {
                using var body = new StreamReader(call.Request.InputStream);
                var (status, text) = answer(call.Request, await body.ReadToEndAsync());
                call.Response.StatusCode = status;
                await call.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(text));
                call.Response.Close();
            }
            catch (Exception e) when (e is HttpListenerException or IOException)
            {
                // Whoever asked is gone; others are not.
            }
        }
    }
}
