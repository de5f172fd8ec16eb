using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Afterimage.Bench;

/// <summary>A stream of open and silent shards, over HTTPS on this machine.</summary>
internal sealed class StreamsStub : IAsyncDisposable
{
    public const string Arn = "arn:aws:dynamodb:us-east-1:123456789012:table/Orders/stream/2026-11-22T00:00:00.000";

    /// <summary>As long as real ones.</summary>
    public static readonly string Iterator = $"{Arn}|1|{new string('A', 400)}";

    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource end = new();
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("afterimage-bench-");
    private readonly X509Certificate2 certificate;
    private readonly string description;
    private readonly Task serving;
    private readonly TimeProvider time;
    private readonly int shards;
    private int opened;

    private StreamsStub(int shards, TimeProvider time)
    {
        (this.shards, this.time) = (shards, time);
        certificate = MakeCertificate();
        File.WriteAllText(CertificateFile, certificate.ExportCertificatePem());
        var all = Enumerable.Range(0, shards).Select(shard =>
            $$"""{"ShardId":"shardId-{{shard.ToString("D20", CultureInfo.InvariantCulture)}}","SequenceNumberRange":{"StartingSequenceNumber":"1"} }""");
        description = $$$"""{"StreamDescription":{"StreamArn":"{{{Arn}}}","StreamStatus":"ENABLED","StreamViewType":"NEW_AND_OLD_IMAGES","Shards":[{{{string.Join(',', all)}}}] } }""";
        listener.Start();
        serving = ServeAsync();
    }

    /// <summary>Where it answers.</summary>
    public Uri Endpoint => new($"https://localhost:{((IPEndPoint)listener.LocalEndpoint).Port}");

    /// <summary>What a client has to trust.</summary>
    public string CertificateFile => Path.Combine(folder.FullName, "stub.pem");

    public static StreamsStub Start(int shards, TimeProvider time) => new(shards, time);

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        listener.Dispose();
        await serving;
        certificate.Dispose();
        end.Dispose();
        folder.Delete(recursive: true);
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                _ = AnswerAsync(await listener.AcceptTcpClientAsync(end.Token));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The end of the stub.
        }
    }

    private async Task AnswerAsync(TcpClient client)
    {
        using var connection = client;
        client.NoDelay = true;
        await using var tls = new SslStream(client.GetStream());
        try
        {
            await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate }, end.Token);
            var buffer = new byte[64 * 1024];
            var length = 0;
            while (await tls.ReadAsync(buffer.AsMemory(length), end.Token) is > 0 and var read)
            {
                length += read;
                if (Request(buffer.AsSpan(0, length)) is { } target)
                {
                    // Shards are not found at the same moment: what is asked for them is spread over a second from here on.
                    await Task.Delay(target.EndsWith("GetShardIterator", StringComparison.Ordinal) ? NextShard() : TimeSpan.Zero, time, end.Token);
                    length = 0;
                    await tls.WriteAsync(Answer(target), end.Token);
                }
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The client is gone.
        }
    }

    // The operation that is asked for, once the request is there to its last byte.
    private static string? Request(ReadOnlySpan<byte> bytes)
    {
        var headers = bytes.IndexOf("\r\n\r\n"u8);
        if (headers < 0)
        {
            return null;
        }

        var text = Encoding.ASCII.GetString(bytes[..headers]);
        var body = int.Parse(Header(text, "Content-Length"), CultureInfo.InvariantCulture);
        return bytes.Length >= headers + 4 + body ? Header(text, "X-Amz-Target") : null;
    }

    private static string Header(string headers, string name)
    {
        var at = headers.IndexOf($"\r\n{name}:", StringComparison.OrdinalIgnoreCase) + name.Length + 3;
        var stop = headers.IndexOf('\r', at);
        return headers[at..(stop < 0 ? headers.Length : stop)].Trim();
    }

    private TimeSpan NextShard() => TimeSpan.FromSeconds(Interlocked.Increment(ref opened) % shards / (double)shards);

    private byte[] Answer(string target)
    {
        var body = target.Split('.')[1] switch
        {
            "DescribeStream" => description,
            "GetShardIterator" => $$"""{"ShardIterator":"{{Iterator}}"}""",
            "GetRecords" => $$"""{"Records":[],"NextShardIterator":"{{Iterator}}"}""",
            _ => $$$"""{"Item":{"id":{"S":"{{{Iterator}}}"} } }""",
        };
        return Encoding.ASCII.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $"HTTP/1.1 200 OK\r\nContent-Type: application/x-amz-json-1.0\r\nx-amzn-RequestId: 0123456789\r\nContent-Length: {body.Length}\r\n\r\n{body}"));
    }

    private X509Certificate2 MakeCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        var now = time.GetUtcNow();
        using var made = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), password: null);
    }
}
