using System.Diagnostics;
using System.Globalization;
using Afterimage.Stamp;
using Amazon.DynamoDBv2.Model;

namespace Afterimage.IntegrationTests.Support;

/// <summary>Writers in a process of their own, so that they can be killed: this assembly, started with another word than its tests.</summary>
internal static class StormWriters
{
    public const int Items = 10;

    /// <summary>The first argument of their process.</summary>
    public const string Word = "storm";

    private const int TasksEach = 4;

    /// <summary>Starts four writers.</summary>
    /// <param name="orders">The table.</param>
    /// <param name="seed">What they do.</param>
    /// <param name="answered">A file that gets the nonce of each change that was answered.</param>
    public static Process Start(AuditedOrders orders, int seed, string answered)
    {
        string[] args =
            ["exec", typeof(StormWriters).Assembly.Location, Word, orders.Endpoint.ToString(), orders.Name, orders.Trail, seed.ToString(CultureInfo.InvariantCulture), answered];
        return Process.Start(new ProcessStartInfo("dotnet", args) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
    }

    /// <summary>Writes until it is killed.</summary>
    /// <param name="args">Endpoint, table, trail, seed and the file of answers.</param>
    public static async Task WriteAsync(string[] args)
    {
        using var client = LocalDatabase.ClientFor(new Uri(args[0]));
        var orders = new AuditedTable(client, args[1], args[2], new StampOptions { Service = "storm" });
        var seed = int.Parse(args[3], CultureInfo.InvariantCulture);
        await using var log = new StreamWriter(args[4], append: true) { AutoFlush = true };
        await Task.WhenAll(Enumerable.Range(0, TasksEach).Select(task => WriteAsync(orders, new Random((seed * TasksEach) + task), TextWriter.Synchronized(log))));
    }

    private static async Task WriteAsync(AuditedTable orders, Random random, TextWriter log)
    {
        using var scope = AuditScope.Begin(actor: $"writer-{random.Next(100)}");
        while (true)
        {
            var key = new Dictionary<string, AttributeValue> { ["id"] = new($"o{random.Next(Items)}") };
            var amount = random.Next(1_000).ToString(CultureInfo.InvariantCulture);
            var written = random.Next(10) switch
            {
                0 => await orders.DeleteAsync(key),
                1 or 2 => await orders.PutAsync(new(key) { ["amount"] = new() { N = amount } }),
                _ => await orders.UpdateAsync(key, item => new(item ?? key) { ["amount"] = new() { N = amount }, [$"a{random.Next(5)}"] = new(amount) }),
            };
            if (written is not null)
            {
                await log.WriteLineAsync(written.After is null ? $"{written.Nonce}/REMOVE" : written.Nonce);
            }
        }
    }
}
