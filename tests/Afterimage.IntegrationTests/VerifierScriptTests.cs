using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Afterimage.IntegrationTests.Support;
using Afterimage.Proof;
using Afterimage.Tests.Proof;
using Afterimage.Tests.Support;

namespace Afterimage.IntegrationTests;

/// <summary>docs/verify.py shares no code with the program and says of every proof what the program says.</summary>
public sealed class VerifierScriptTests : IDisposable
{
    // Reads a line of JSON for each proof, and answers with one.
    private const string Driver = """
        import base64, json, sys
        sys.path.insert(0, sys.argv[1])
        import verify
        for line in sys.stdin:
            proof, key = json.loads(line)
            print(json.dumps(verify.verify(base64.b64decode(proof), key)))
        """;

    private static readonly string Docs = Path.Combine(AppContext.BaseDirectory, "docs");

    private readonly SampleKey key = new();

    public VerifierScriptTests()
    {
        SystemPackage.Demand("python3", "python3");
        SystemPackage.Demand("openssl", "openssl");
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => key.Dispose();

    [Fact]
    public async Task Two_hundred_random_entries_are_proven_to_both()
    {
        var items = new RandomItems(new Random(20261121));
        List<byte[]> proofs = [.. Enumerable.Range(0, 40).SelectMany(size => Proofs(new RandomTrail(items, key, 1 + (size / 4)), 5))];

        var answers = await AskAsync(proofs);

        for (var at = 0; at < proofs.Count; at++)
        {
            answers[at].ShouldBe(Answer(proofs[at]), Encoding.UTF8.GetString(proofs[at]));
            answers[at][0].ShouldStartWith("log ");
        }
    }

    [Fact]
    public async Task What_was_tampered_with_fails_at_the_same_step()
    {
        List<byte[]> proofs = [.. Tamperings.All.Select(tampering => tampering.Proof(key).ToUtf8())];

        var answers = await AskAsync(proofs);

        for (var at = 0; at < proofs.Count; at++)
        {
            answers[at].ShouldBe(Answer(proofs[at]), Tamperings.All[at].What);
            answers[at].ShouldBe([$"FAILED: {Tamperings.All[at].Step}"], Tamperings.All[at].What);
        }
    }

    [Fact]
    public async Task Damaged_proofs_are_taken_alike()
    {
        var random = new Random(20261122);
        var whole = new SmallTrail().Prove(key, 0, 2).ToUtf8();
        List<byte[]> proofs = [.. Enumerable.Range(0, 400).Select(_ => Damaged(whole, random)), .. Malformed(whole)];

        var answers = await AskAsync(proofs);

        for (var at = 0; at < proofs.Count; at++)
        {
            answers[at].ShouldBe(Answer(proofs[at]), Encoding.UTF8.GetString(proofs[at]));
        }
    }

    [Fact]
    public async Task Nonsense_that_was_signed_is_taken_alike()
    {
        var random = new Random(20261123);
        List<byte[]> proofs = [.. Enumerable.Range(0, 300).Select(_ => Nonsense(random).Prove(key).ToUtf8())];

        var answers = await AskAsync(proofs);

        for (var at = 0; at < proofs.Count; at++)
        {
            answers[at].ShouldBe(Answer(proofs[at]), Encoding.UTF8.GetString(proofs[at]));
        }
    }

    [Fact]
    public async Task The_script_ends_with_0_and_what_is_proven_or_with_1_and_the_reason()
    {
        using var folder = new TempFolder();
        using var other = new SampleKey(2);
        var file = Path.Combine(folder.Path, "proof.json");
        await File.WriteAllBytesAsync(file, new SmallTrail().Prove(key, 0, 2).ToUtf8(), Ct);
        var script = Path.Combine(Docs, "verify.py");

        var proven = await RunAsync("python3", ["-B", script, file, key.Verifier.ToString()]);
        var refuted = await RunAsync("python3", ["-B", script, file, other.Verifier.ToString()]);
        var noKey = await RunAsync("python3", ["-B", script, file, "a+b+c"]);

        proven.ExitCode.ShouldBe(0, proven.Error);
        proven.Out.ShouldContain("""shown   ["status", {"S": "PENDING"}, {"S": "SHIPPED"}]""");
        proven.Out.ShouldContain("hidden  2");
        (refuted.ExitCode, refuted.Out).ShouldBe((1, "FAILED: SIGNATURE: the key did not sign the checkpoint\n"));
        noKey.ExitCode.ShouldBe(1);
        noKey.Out.ShouldStartWith("FAILED: KEY: ");
    }

    [Fact]
    public async Task The_lines_that_check_a_checkpoint_by_hand_are_right()
    {
        using var folder = new TempFolder();
        var page = await File.ReadAllTextAsync(Path.Combine(Docs, "format.md"), Ct);
        var section = page.Split("## Checking a checkpoint by hand")[1].Split("\n## ")[0];
        var lines = string.Join('\n', section.Split('\n').Where(line => line.StartsWith("    ", StringComparison.Ordinal)));
        lines.ShouldContain("openssl dgst -sha256 -keyform DER -verify pub.der -signature sig.der body.txt");
        var note = new SmallTrail().Prove(key).Checkpoint;

        await File.WriteAllTextAsync(Path.Combine(folder.Path, "checkpoint"), note, Ct);
        var signed = await RunAsync("sh", ["-c", $"cd \"$1\" && {lines.TrimStart()}", "sh", folder.Path], ("VKEY", key.Verifier.ToString()));
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "checkpoint"), note.Replace("\n6\n", "\n7\n", StringComparison.Ordinal), Ct);
        var changed = await RunAsync("sh", ["-c", $"cd \"$1\" && {lines.TrimStart()}", "sh", folder.Path], ("VKEY", key.Verifier.ToString()));

        (signed.ExitCode, signed.Out).ShouldBe((0, "Verified OK\n"), signed.Error);
        changed.ExitCode.ShouldNotBe(0);
        changed.Out.ShouldBe("Verification failure\n");
    }

    private static IEnumerable<byte[]> Proofs(RandomTrail trail, int count) => Enumerable.Range(0, count).Select(_ => trail.Prove().ToUtf8());

    private static byte[] Damaged(byte[] whole, Random random)
    {
        var (at, bytes) = (random.Next(whole.Length), whole.ToList());
        switch (random.Next(4))
        {
            case 0:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1:
                bytes.RemoveAt(at);
                break;
            case 2:
                bytes.Insert(at, whole[random.Next(whole.Length)]);
                break;
            default:
                bytes.RemoveRange(at, Math.Min(random.Next(40), whole.Length - at));
                break;
        }

        return [.. bytes];
    }

    /// <summary>A trail that signed a text with some characters too few, too many or in the wrong place.</summary>
    private static SmallTrail Nonsense(Random random)
    {
        var honest = new SmallTrail();
        return random.Next(4) switch
        {
            0 => honest with { Leaf = Scrambled(honest.Leaf, random) },
            1 => honest with { Head = Scrambled(honest.Head, random) },
            2 => honest with { Epoch = Scrambled(honest.Epoch, random) },
            _ => honest with { Disclosures = [.. honest.Disclosures.Select(text => Scrambled(text, random))] },
        };
    }

    private static string Scrambled(string text, Random random)
    {
        const string Alphabet = "{}[]\",:0123456789eE.-+\\u \t\n\u0001\u007f\u00a0\ufeffé=/nulltrueNaN";
        for (var left = random.Next(3); left > 0; left--)
        {
            var at = random.Next(text.Length);
            text = $"{text[..at]}{(random.Next(3) > 0 ? Alphabet[random.Next(Alphabet.Length)] : string.Empty)}{text[(at + random.Next(2))..]}";
        }

        return text;
    }

    /// <summary>JSON that parsers like to take differently, in the place of each member.</summary>
    private static IEnumerable<byte[]> Malformed(byte[] whole)
    {
        string[] values = ["null", "true", "-0", "1.0", "1e0", "01", "9007199254740992", "NaN", "[]", "[\"\"]", "[true]", "{}", "\"\\ud800\"", "\"\\ud83d\\ude00\"", "\"\t\"", "1,"];
        var members = JsonNode.Parse(whole)!.AsObject();
        return values.SelectMany(value => members.Select(changed => Encoding.UTF8.GetBytes(
            $"{{{string.Join(',', members.Select(member => $"\"{member.Key}\":{(member.Key == changed.Key ? value : member.Value!.ToJsonString())}"))}}}")));
    }

    /// <summary>What the program says, in the words of the script; of what fails the step alone, for the reasons are worded freely.</summary>
    private List<string> Answer(byte[] json)
    {
        EntryProof proof;
        try
        {
            proof = EntryProof.Read(json);
        }
        catch (FormatException)
        {
            return ["FAILED: FORMAT"];
        }

        return proof.Check(key.Verifier) switch
        {
            ProofVerdict.Proven proven =>
            [
                $"log     {Normal($"[{JsonSerializer.Serialize(proven.Checkpoint.Origin)},{proven.Checkpoint.Size}]")}",
                $"sealed  \"{proven.SealedAt:yyyy-MM-dd'T'HH:mm:ss'Z'}\"",
                $"shard   {Normal(JsonSerializer.Serialize(proven.Shard))}",
                $"entry   {Normal(proven.Entry.Leaf)}",
                .. proven.Shown.Select(shown => $"shown   {Normal($"[{JsonSerializer.Serialize(shown.Name)},{string.Join(',', shown.Values)}]")}"),
                $"hidden  {proven.Hidden}",
            ],
            ProofVerdict.Refuted refuted => [$"FAILED: {refuted.Step}"],
            var other => throw new InvalidOperationException($"{other} is no verdict."),
        };
    }

    private static string Normal(string json) => JsonNode.Parse(json)!.ToJsonString();

    private async Task<List<List<string>>> AskAsync(IEnumerable<byte[]> proofs)
    {
        var questions = string.Concat(proofs.Select(proof => $"[\"{Convert.ToBase64String(proof)}\",{JsonSerializer.Serialize(key.Verifier.ToString())}]\n"));
        using var folder = new TempFolder();
        var asked = Path.Combine(folder.Path, "questions");
        await File.WriteAllTextAsync(asked, questions, Ct);
        var answer = await RunAsync("sh", ["-c", "exec python3 -B -c \"$1\" \"$2\" < \"$3\"", "sh", Driver, Docs, asked]);
        answer.ExitCode.ShouldBe(0, answer.Error);
        return [.. answer.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize<List<string>>(line)!.ConvertAll(Row))];
    }

    private static string Row(string row) => row.StartsWith("FAILED: ", StringComparison.Ordinal)
        ? string.Join(':', row.Split(':')[..2])
        : $"{row[..8]}{Normal(row[8..])}";

    private static async Task<(int ExitCode, string Out, string Error)> RunAsync(string program, string[] args, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program, args) { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(Ct);
        var error = process.StandardError.ReadToEndAsync(Ct);
        await process.WaitForExitAsync(Ct);
        return (process.ExitCode, await output, await error);
    }
}
