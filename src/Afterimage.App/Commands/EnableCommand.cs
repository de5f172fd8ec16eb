using System.CommandLine;
using Afterimage.Capture;
using Afterimage.Entries;
using Afterimage.Relay;
using Afterimage.Streams.Aws;
using Afterimage.Trail;

namespace Afterimage.App.Commands;

/// <summary><c>enable TABLE…</c>: switches streams on and makes what the trail needs.</summary>
internal static class EnableCommand
{
    public static Command Make(Surroundings surroundings)
    {
        var tables = new Argument<string[]>("TABLE") { Description = "Tables to follow", Arity = ArgumentArity.ZeroOrMore };
        var sinks = new Option<bool>("--sinks") { Description = "Makes what the configured sinks send to, where it is not there" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Only says what it would do" };
        var kmsKey = new Option<string?>("--kms-key") { Description = "Encrypts a trail's table that is made with this KMS key", HelpName = "KEY" };
        var capacity = new Option<string?>("--capacity") { Description = "Provisions a trail's table that is made, and each index, with so many units (default on-demand)", HelpName = "READ,WRITE" };
        var transactions = new Option<bool>("--transactions") { Description = "Its changes are committed with intents (AuditedTable); no stream is switched on" };
        var command = Invocation.Verb("enable", "Switches on streams with both images and makes the trail", surroundings, async (parsed, call, ct) =>
        {
            if (parsed.GetValue(sinks))
            {
                await PrepareSinksAsync(call, parsed.GetValue(dryRun), ct);
            }

            var names = parsed.GetValue(tables) ?? [];
            if (names.Length == 0)
            {
                return parsed.GetValue(sinks) ? ExitCode.Done : throw new UsageException("No table is named.", "Name one: afterimage enable Orders. Or make what sinks send to: afterimage enable --sinks.");
            }

            using var accounts = call.ConnectToAws();
            var found = await FindAsync(name => ControlOf(name).DescribeAsync(name, ct), names);
            var isByTransactions = CheckTransactions(parsed.GetValue(transactions), call.Options.Trail, found);
            var trailTable = new TrailTableOptions { KmsKey = parsed.GetValue(kmsKey), Capacity = Capacity(parsed.GetValue(capacity)) };
            if (parsed.GetValue(dryRun))
            {
                found.ForEach(table => call.Printer.Message(Plan(table, isByTransactions)));
                call.Printer.Message($"Would note them in {call.Options.Trail}. Nothing was changed.");
                return ExitCode.Done;
            }

            await call.PrepareTrailAsync(trailTable, ct);
            await using var trail = await call.OpenToWriteAsync(ct);
            var known = await trail.TablesAsync(ct);
            foreach (var table in found)
            {
                var before = known.FirstOrDefault(one => one.Name == table.Name);
                CheckStream(table, before, isByTransactions);
                var enabled = table.StreamEnabled || isByTransactions ? table : await ControlOf(table.Name).EnableStreamAsync(table.Name, ct);

                // The stream that was followed before stays noted: what it still holds is read first.
                var row = TableProblems.Row(enabled, before?.Stream ?? enabled.LatestStream);
                await trail.KeepTableAsync(row with { Transactions = before?.Transactions ?? (isByTransactions ? Transactions(table, call.Surroundings.Time) : null) }, ct);
                call.Printer.Message(table.StreamEnabled || isByTransactions ? Plan(table, isByTransactions) : $"{table.Name}: the stream is switched on with NEW_AND_OLD_IMAGES.");
            }

            call.Printer.Message($"Noted in {call.Options.Trail}. To follow: afterimage run {string.Join(" ", found.Select(table => $"--table {table.Name}"))}");
            return ExitCode.Done;

            TableControl ControlOf(string name) => accounts.AccessOf(call.Options.Named(name)).Tables;
        });
        command.Add(tables);
        command.Add(sinks);
        command.Add(dryRun);
        command.Add(transactions);
        command.Add(kmsKey);
        command.Add(capacity);
        return command;
    }

    private static async Task PrepareSinksAsync(Invocation call, bool isDry, CancellationToken ct)
    {
        if (call.Options.Sinks.Count == 0)
        {
            throw new UsageException("No sink is configured.", "List them under \"sinks\" in afterimage.json, or in AFTERIMAGE_SINKS.");
        }

        using var access = TrailRelay.AccessOf(call);
        var setup = new SinkSetup(TrailRelay.SiteOf(call, access).Sinks);
        foreach (var sink in call.Options.Sinks)
        {
            if (isDry)
            {
                call.Printer.Message($"{sink.Name}: would be made, if it is one that can be made and is not there.");
                continue;
            }

            var made = await setup.PrepareAsync(sink, ct);
            call.Printer.Message(made.Count == 0 ? $"{sink.Name}: nothing to do." : $"{sink.Name}: {string.Join(' ', made)}");
        }
    }

    private static bool CheckTransactions(bool isAsked, string trail, IEnumerable<TableDescription> tables)
    {
        if (isAsked && !Trails.IsInTable(trail))
        {
            throw new UsageException($"Transactions write their intents into the trail, and {trail} is no table.", "Name one: --trail dynamodb:afterimage-trail");
        }

        return !isAsked || tables.Select(TableProblems.OfTransactions).OfType<Problem>().ToList() is not { Count: > 0 } problems ? isAsked : throw new UsageException(problems);
    }

    // A change that comes by its transaction and by a stream would be told of twice.
    private static void CheckStream(TableDescription table, TrailTable? known, bool isByTransactions)
    {
        if (isByTransactions && known is { Followed: true, Transactions.Intake: null } && !table.StreamEnabled)
        {
            throw new UsageException(
                $"Changes of {table.Name} are joined with the records of its stream, and the stream is switched off.",
                $"Once afterimage status says that nothing is unread and no intents are left: afterimage disable {table.Name}, then afterimage enable {table.Name} --transactions");
        }

        var willHave = table with { StreamEnabled = table.StreamEnabled || !isByTransactions };
        if (TableProblems.OfStream(willHave, known) is { } problem)
        {
            throw new UsageException(problem.What, problem.Hint);
        }
    }

    private static TableTransactions Transactions(TableDescription table, TimeProvider time) =>
        new(table.StreamEnabled ? null : TransactionStream.Of(table.Arn, time.GetUtcNow()));

    private static TableCapacity? Capacity(string? text) => text is null ? null
        : text.Split(',') is [var read, var write] && long.TryParse(read, out var reads) && long.TryParse(write, out var writes) && reads > 0 && writes > 0
            ? new TableCapacity(reads, writes)
            : throw new UsageException($"--capacity is '{text}', which is not two whole numbers above 0.", "Write read and write units with a comma between: --capacity 50,200");

    private static async Task<List<TableDescription>> FindAsync(Func<string, Task<TableDescription?>> describe, IEnumerable<string> names)
    {
        var found = new List<TableDescription>();
        var problems = new List<Problem>();
        foreach (var name in names.Distinct(StringComparer.Ordinal))
        {
            if (await describe(name) is not { } table)
            {
                problems.Add(TableProblems.NotThere(name));
                continue;
            }

            found.Add(table);
        }

        return problems.Count == 0 ? found : throw new UsageException(problems);
    }

    private static string Plan(TableDescription table, bool isByTransactions) => table switch
    {
        { StreamEnabled: true } when isByTransactions => $"{table.Name}: changes of AuditedTable are joined with the records of its stream.",
        _ when isByTransactions => $"{table.Name}: changes of AuditedTable become entries without a stream. What others write to it is not seen.",
        { StreamEnabled: false } => $"{table.Name}: would switch the stream on with NEW_AND_OLD_IMAGES.",
        { ViewType: "NEW_AND_OLD_IMAGES" } => $"{table.Name}: the stream is on with both images. Nothing to do.",
        _ => $"{table.Name}: the stream is on with {table.ViewType} and is left as it is, since changing it makes a new stream for its other readers too. Entries will lack what it does not carry. "
            + $"To change it: aws dynamodb update-table --table-name {table.Name} --stream-specification StreamEnabled=false, then afterimage enable {table.Name}",
    };
}
