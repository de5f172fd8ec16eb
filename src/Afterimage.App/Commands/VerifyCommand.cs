using System.CommandLine;
using Afterimage.App.Output;
using Afterimage.Proof;
using Afterimage.Trail;
using Afterimage.Verifying;

namespace Afterimage.App.Commands;

/// <summary><c>verify</c>: whether the trail is what was sealed.</summary>
internal static class VerifyCommand
{
    public static Command Make(Surroundings surroundings)
    {
        var entry = new Option<string?>("--entry") { Description = "Only this entry, against the newest checkpoint", HelpName = "ID" };
        var stream = new Option<bool>("--stream") { Description = "Also reads the streams again, as far back as they go, and compares" };
        var key = KeyOption.Make(isRequired: false);
        var command = Invocation.Verb("verify", "Checks that nothing in the trail was altered, dropped or put in", surroundings, async (parsed, call, ct) =>
        {
            await using var trail = await call.OpenToReadAsync(ct);
            var verifier = await KeyAsync(call, trail, parsed.GetValue(key), ct);
            return parsed.GetValue(entry) is { } id ? await EntryAsync(call, trail, verifier, id, ct) : await TrailAsync(call, trail, verifier, parsed.GetValue(stream), ct);
        });
        command.Add(entry);
        command.Add(stream);
        command.Add(key);
        return command;
    }

    /// <summary>Checks a whole trail and prints what was found.</summary>
    public static async Task<int> TrailAsync(Invocation call, ITrail trail, VerifierKey key, bool withStreams, CancellationToken ct)
    {
        var witnesses = call.OpenWitnesses(OpenMode.ReadOnly);
        try
        {
            var verifier = new Verifier(trail, key, witnesses, new VerifierOptions { SealEvery = call.Options.Proof.Pace }, call.Surroundings.Time, call.Surroundings.Secrets);
            var total = (await trail.ShardsAsync(null, ct)).Sum(shard => shard.Progress.Size);
            var verified = await call.Printer.WithProgressAsync("Checking", total, progress => verifier.RunAsync(progress, ct));
            if (withStreams)
            {
                verified = verified with { Findings = [.. verified.Findings, .. await CompareAsync(call, trail, ct)] };
            }

            VerificationView.Print(call.Printer, verified, witnesses);
            return verified.IsAltered ? ExitCode.Altered : verified.Findings.Count > 0 ? ExitCode.Incomplete : ExitCode.Done;
        }
        finally
        {
            Invocation.Close(witnesses);
        }
    }

    private static async Task<List<Finding>> CompareAsync(Invocation call, ITrail trail, CancellationToken ct)
    {
        using var accounts = call.ConnectToAws();
        var found = new List<Finding>();
        foreach (var table in (await trail.TablesAsync(ct)).Where(table => table.Stream is not null))
        {
            var api = accounts.AccessOf(call.Options.Named(table.Name)).Streams;
            found.AddRange(await new StreamComparison(trail, api).CompareAsync(table.Stream!.Value, ct));
        }

        return found;
    }

    private static async Task<int> EntryAsync(Invocation call, ITrail trail, VerifierKey key, string id, CancellationToken ct)
    {
        if (await ProveCommand.ProofAsync(call, trail, id, ct) is not { } proof)
        {
            return ExitCode.NoSuchEntry;
        }

        var verdict = proof.Check(key);
        VerificationView.Print(call.Printer, verdict);
        return verdict is ProofVerdict.Proven ? ExitCode.Done : ExitCode.Altered;
    }

    private static async Task<VerifierKey> KeyAsync(Invocation call, ITrail trail, string? given, CancellationToken ct)
    {
        if (given is not null)
        {
            return KeyOption.Parse(given);
        }

        var name = await trail.NameAsync(ct) ?? throw new AfterimageException($"The trail {call.Options.Trail} was never sealed: it has no name yet.", "afterimage run fills and seals it.");
        using var key = call.OpenKey(OpenMode.ReadOnly);
        return await key.VerifierAsync(name, ct);
    }
}
