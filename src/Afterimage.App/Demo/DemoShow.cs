using Afterimage.App.Commands;
using Afterimage.App.Output;
using Afterimage.Capture;
using Afterimage.Entries;
using Afterimage.Hosting;
using Afterimage.Streams.Reading;
using Afterimage.Trail;

namespace Afterimage.App.Demo;

/// <summary>The demo: a local DynamoDB, a shop that changes orders, a worker that keeps every change, and what the trail answers.</summary>
internal static class DemoShow
{
    private static readonly TimeSpan BetweenChanges = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan ExpiryLimit = TimeSpan.FromSeconds(45);

    private static readonly TableRules Rules = new()
    {
        Service = "orders-api",
        Actor = AttributePath.Parse("/updatedBy"),
        Ignore = [AttributePath.Parse("/updatedAt"), AttributePath.Parse("/updatedBy")],
    };

    public static async Task<int> RunAsync(Invocation call, int? changes, bool exit, CancellationToken ct)
    {
        var folder = Directory.CreateTempSubdirectory("afterimage-demo-");
        try
        {
            var options = call.Options with
            {
                Tables = [new TableOptions(OrdersShop.Table, Rules)],
                Trail = $"sqlite:{Path.Combine(folder.FullName, "demo.db")}",
                Proof = new ProofOptions { Key = $"file:{Path.Combine(folder.FullName, "demo.key")}", Witness = [$"file:{Path.Combine(folder.FullName, "witness")}"] },
            };
            if (call.Options.Endpoint is not null)
            {
                return await RunOnAsync(call with { Options = options }, changes, exit, ct);
            }

            call.Printer.Message("Starting DynamoDB Local …");
            await using var local = await DynamoDbLocal.StartAsync(call.Surroundings.Error, call.Surroundings.Time, ct);
            var surroundings = call.Surroundings with { Environment = LocalEnvironment };
            return await RunOnAsync(call with { Options = options with { Endpoint = local.Endpoint.ToString(), Region = "us-east-1" }, Surroundings = surroundings }, changes, exit, ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            call.Printer.Message("Stopped; the demo's table and trail are gone.");
            return ExitCode.Done;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<int> RunOnAsync(Invocation call, int? changes, bool exit, CancellationToken ct)
    {
        using var accounts = call.ConnectToAws();
        var shop = new OrdersShop(accounts.AccessOf(call.Options.Tables[0]).DynamoDb, call.Surroundings.Time, call.Surroundings.Random);
        await shop.OpenAsync(ct);
        await using var trail = await call.OpenToWriteAsync(ct);
        call.Printer.Message($"A shop changes its table {OrdersShop.Table}; every change becomes an entry of the trail:");

        var view = new LiveView(call.Printer);
        await using var sealing = await TrailSealing.StartAsync(call, trail, ct);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(ct);
        using var recorder = new Recorder(trail, call.Options.RulesOf, view, call.Surroundings.Secrets);
        var source = new TableSource(call.Options.Tables, accounts.RegionOf, new TrailLedger(trail), view, call.Surroundings.Time);
        var worker = new StreamsWorker(
            recorder, new WorkerOptions { Pacing = call.Options.Capture.Pacing }, view, call.Surroundings.Time, call.Surroundings.Random);
        var following = worker.RunAsync(source, end.Token, call.Surroundings.Signals.Abandon);
        var shopping = ShopAsync(shop, view, changes, call.Surroundings.Time, end.Token);
        await Task.WhenAny(following, shopping);
        if (shopping.IsCompletedSuccessfully && !exit)
        {
            call.Printer.Message("The shop has closed. Ctrl-C ends.");
            await following;
        }

        await end.CancelAsync();
        await following;
        await shopping;
        await sealing.FinishAsync(ct);
        await ShowAsync(call, trail, ct);
        return await CheckAsync(call, trail, ct);
    }

    /// <summary>Changes orders until enough was done, and waits until all of it is in the trail.</summary>
    private static async Task ShopAsync(OrdersShop shop, LiveView view, int? changes, TimeProvider time, CancellationToken ct)
    {
        // The cart expires by itself: one more change than the shop makes.
        var expected = 1;
        while (changes is null || expected < changes)
        {
            expected += await shop.NextAsync(changes - expected, ct);
            await Task.Delay(BetweenChanges, time, ct);
        }

        var began = time.GetTimestamp();
        while (view.Kept < expected && time.GetElapsedTime(began) < ExpiryLimit)
        {
            await Task.Delay(BetweenChanges, time, ct);
        }

        if (view.Kept < expected)
        {
            throw new AfterimageException($"{expected} changes were made, and {view.Kept} are in the trail.", "Run the demo again; if it stays so, please report it.");
        }
    }

    private static async Task ShowAsync(Invocation call, ITrail trail, CancellationToken ct)
    {
        call.Printer.Markup(string.Empty);
        call.Printer.Markup($"[bold]One order's history[/]  [grey]as shown by: afterimage history {OrdersShop.Table} order_id={OrdersShop.FirstOrder}[/]");
        var filter = new HistoryFilter(OrdersShop.Table, new([new("order_id", AttributeValue.String(OrdersShop.FirstOrder))]), Reverse: false, Since: null);
        await foreach (var entry in trail.HistoryAsync(filter, ct))
        {
            call.Printer.Block(entry);
        }

        await call.PrintFooterAsync(trail, null, ct);
        call.Printer.Markup(string.Empty);
        call.Printer.Markup("[bold]For your own table[/]");
        call.Printer.Markup("  afterimage enable Orders                     [grey]# switches its stream on[/]");
        call.Printer.Markup("  afterimage run --table Orders                [grey]# keeps every change from now on[/]");
        call.Printer.Markup("  afterimage history Orders order_id=123       [grey]# shows what happened to an item[/]");
    }

    private static async Task<int> CheckAsync(Invocation call, ITrail trail, CancellationToken ct)
    {
        call.Printer.Markup(string.Empty);
        call.Printer.Markup("[bold]Nothing was altered[/]  [grey]as shown by: afterimage verify[/]");
        using var key = call.OpenKey(OpenMode.ReadOnly);
        return await VerifyCommand.TrailAsync(call, trail, await key.VerifierAsync((await trail.NameAsync(ct))!, ct), withStreams: true, ct);
    }

    private static string? LocalEnvironment(string name) => name switch
    {
        "AWS_ACCESS_KEY_ID" or "AWS_SECRET_ACCESS_KEY" => "demo",
        _ => null,
    };
}
