using System.Diagnostics;
using System.Globalization;
using Afterimage.Stamp;
using Amazon.DynamoDBv2.Model;

namespace Afterimage.IntegrationTests.Support;

/// <summary>Writers in a process of their own, so that they can be killed: the test assembly itself, asked for one test that no other run asks for.</summary>
public sealed class StormWriters
{
    public const int Items = 10;

    private const int TasksEach = 4;
    private const string Variable = "AFTERIMAGE_STORM";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Starts four writers.</summary>
    /// <param name="orders">The table.</param>
    /// <param name="seed">What they do.</param>
    /// <param name="answered">A file that gets the nonce of each change that was answered.</param>
    internal static Process Start(AuditedOrders orders, int seed, string answered)
    {
        var start = new ProcessStartInfo("dotnet") { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        string[] args = ["exec", Path.Combine(AppContext.BaseDirectory, "Afterimage.IntegrationTests.dll"), "-noLogo", "-explicit", "only", "-method", $"*.{nameof(Writes_until_it_is_killed)}"];
        foreach (var arg in args)
        {
            start.ArgumentList.Add(arg);
        }

        start.Environment[Variable] = string.Join('|', orders.Endpoint, orders.Name, orders.Trail, seed, answered);
        return Process.Start(start)!;
    }

    [Fact(Explicit = true)]
    public async Task Writes_until_it_is_killed()
    {
        if (Environment.GetEnvironmentVariable(Variable)?.Split('|') is not [var endpoint, var table, var trail, var seed, var answered])
        {
            return;
        }

        using var client = LocalDatabase.ClientFor(new Uri(endpoint));
        var orders = new AuditedTable(client, table, trail, new StampOptions { Service = "storm" });
        await using var log = new StreamWriter(answered, append: true) { AutoFlush = true };
        await Task.WhenAll(Enumerable.Range(0, TasksEach).Select(task => WriteAsync(orders, new Random((int.Parse(seed, CultureInfo.InvariantCulture) * TasksEach) + task), TextWriter.Synchronized(log))));
    }

    private static async Task WriteAsync(AuditedTable orders, Random random, TextWriter log)
    {
        using var scope = AuditScope.Begin(actor: $"writer-{random.Next(100)}");
        while (!Ct.IsCancellationRequested)
        {
            var key = new Dictionary<string, AttributeValue> { ["id"] = new($"o{random.Next(Items)}") };
            var amount = random.Next(1_000).ToString(CultureInfo.InvariantCulture);
            var written = random.Next(10) switch
            {
                0 => await orders.DeleteAsync(key, Ct),
                1 or 2 => await orders.PutAsync(new(key) { ["amount"] = new() { N = amount } }, Ct),
                _ => await orders.UpdateAsync(key, item => new(item ?? key) { ["amount"] = new() { N = amount }, [$"a{random.Next(5)}"] = new(amount) }, Ct),
            };
            if (written is not null)
            {
                await log.WriteLineAsync(written.After is null ? $"{written.Nonce}/REMOVE" : written.Nonce);
            }
        }
    }
}
