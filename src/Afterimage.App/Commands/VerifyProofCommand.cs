using System.CommandLine;
using Afterimage.App.Output;
using Afterimage.Proof;

namespace Afterimage.App.Commands;

/// <summary><c>verify-proof</c>: checks a proof with nothing but a key.</summary>
internal static class VerifyProofCommand
{
    public static Command Make(Surroundings surroundings)
    {
        var file = new Argument<string>("FILE") { Description = "The proof, as prove wrote it" };
        var key = KeyOption.Make(isRequired: true);
        var command = Invocation.Verb("verify-proof", "Checks the proof of one entry; it takes no trail and no network", surroundings, async (parsed, call, ct) =>
        {
            var verifier = KeyOption.Parse(parsed.GetRequiredValue(key)!);
            var verdict = (await ReadAsync(parsed.GetRequiredValue(file), ct)).Check(verifier);
            VerificationView.Print(call.Printer, verdict);
            return verdict is ProofVerdict.Proven ? ExitCode.Done : ExitCode.Altered;
        });
        command.Add(file);
        command.Add(key);
        return command;
    }

    private static async Task<EntryProof> ReadAsync(string file, CancellationToken ct)
    {
        try
        {
            return EntryProof.Read(await File.ReadAllBytesAsync(file, ct));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new AfterimageException($"The proof {file} cannot be read: {e.Message}", "Name the file that afterimage prove wrote.");
        }
        catch (FormatException e)
        {
            throw new AfterimageException($"{file} is no proof: {e.Message}", "Ask for the file again, as afterimage prove wrote it; nothing is proven by this one.");
        }
    }
}
