using System.Threading.Channels;
using Afterimage.Stamp;
using Microsoft.Extensions.Hosting;

namespace Afterimage.Tests.Stamp;

/// <summary>The worker service of docs/stamps.md.</summary>
internal sealed class BillingWorker(ChannelReader<Invoice> queue, Func<Invoice, CancellationToken, Task> handle) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var message in queue.ReadAllAsync(stoppingToken))
        {
            using var scope = AuditScope.Begin(actor: message.RequestedBy, service: "billing-worker", reason: $"invoice {message.Id}");
            await HandleAsync(message, stoppingToken);
        }
    }

    private Task HandleAsync(Invoice message, CancellationToken stoppingToken) => handle(message, stoppingToken);
}

/// <summary>What it works on.</summary>
internal sealed record Invoice(string Id, string RequestedBy);
