using System.CommandLine;

namespace Afterimage.App.Commands;

/// <summary><c>disable TABLE…</c>: stops following tables; what is kept stays.</summary>
internal static class DisableCommand
{
    public static Command Make(Surroundings surroundings)
    {
        var tables = new Argument<string[]>("TABLE") { Description = "Tables that are followed", Arity = ArgumentArity.OneOrMore };
        var command = Invocation.Verb("disable", "Stops following tables; their entries and streams stay", surroundings, async (parsed, call, ct) =>
        {
            await call.DemandTrailAsync(ct);
            await using var trail = await call.OpenToWriteAsync(ct);
            var known = new List<Trail.TrailTable>();
            foreach (var name in parsed.GetRequiredValue(tables))
            {
                known.Add(await call.TableAsync(trail, name, ct));
            }

            foreach (var table in known)
            {
                await trail.KeepTableAsync(table with { Followed = false, Transactions = null }, ct);
                if (table.Transactions is not null)
                {
                    call.Printer.Warn($"What applications still write to {table.Name} by transactions waits in the trail as intents until the table is enabled again with --transactions.");
                }

                call.Printer.Message($"{table.Name} is no longer followed. Its stream stays on, since others may read it; to switch it off: aws dynamodb update-table --table-name {table.Name} --stream-specification StreamEnabled=false");
            }

            return ExitCode.Done;
        });
        command.Add(tables);
        return command;
    }
}
