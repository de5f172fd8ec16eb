using System.CommandLine;
using Afterimage.Entries;
using Afterimage.Proof;
using Afterimage.Trail;
using Afterimage.Verifying;

namespace Afterimage.App.Commands;

/// <summary><c>prove</c>: the proof of one entry, for somebody who does not trust the trail.</summary>
internal static class ProveCommand
{
    public static Command Make(Surroundings surroundings)
    {
        var id = new Argument<string>("ID") { Description = "The entry's id" };
        var file = new Option<string?>("--out") { Description = "Where to (default: standard output)", HelpName = "FILE" };
        var command = Invocation.Verb("prove", "The proof of one entry, which verify-proof checks without the trail", surroundings, async (parsed, call, ct) =>
        {
            await using var trail = await call.OpenToReadAsync(ct);
            if (await ProofAsync(call, trail, parsed.GetRequiredValue(id), ct) is not { } proof)
            {
                return ExitCode.NoSuchEntry;
            }

            await WriteAsync(surroundings, parsed.GetValue(file), proof, ct);
            return ExitCode.Done;
        });
        command.Add(id);
        command.Add(file);
        return command;
    }

    /// <summary>Makes the proof of an entry, or says that there is no such entry.</summary>
    public static async Task<EntryProof?> ProofAsync(Invocation call, ITrail trail, string text, CancellationToken ct)
    {
        if (!EntryId.TryParse(text, out var wanted))
        {
            throw new UsageException($"'{text}' is not the id of an entry.", "Copy it whole from history or search: 26 characters, of which one may be mistyped.");
        }

        var proof = await new Prover(trail).ProveAsync(wanted, ct);
        if (proof is null)
        {
            call.Printer.Error(new Problem($"The trail {call.Options.Trail} holds no entry {wanted}.", "Name another trail with --trail, or look for it with afterimage search."));
        }

        return proof;
    }

    private static async Task WriteAsync(Surroundings surroundings, string? file, EntryProof proof, CancellationToken ct)
    {
        if (file is null)
        {
            await surroundings.Out.WriteLineAsync(System.Text.Encoding.UTF8.GetString(proof.ToUtf8()).AsMemory(), ct);
            return;
        }

        try
        {
            await File.WriteAllBytesAsync(file, proof.ToUtf8(), ct);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new AfterimageException($"The proof cannot be written to {file}: {e.Message}", "Name another file with --out.");
        }
    }
}
