using System.Diagnostics;
using System.Text.Json;
using Afterimage.IntegrationTests.Support;

namespace Afterimage.IntegrationTests.Permissions;

/// <summary>
/// The policy engine of moto, which is asked of actions and resources alone: of conditions it knows but one operator. Its server cannot be asked, since it takes most
/// resources for <c>*</c> and batches for actions of their own.
/// </summary>
internal sealed class MotoPolicies : IDisposable
{
    // Reads a line of JSON for each question, and answers with one.
    private const string Judge = """
        import json, sys
        from moto.iam.access_control import IAMPolicy, PermissionResult
        for line in sys.stdin:
            question = json.loads(line)
            policy = IAMPolicy(json.dumps(question["policy"]))
            print(json.dumps([policy.is_action_permitted(action, on) is PermissionResult.PERMITTED for action, on in question["asked"]]), flush=True)
        """;

    private readonly SemaphoreSlim asking = new(1);
    private readonly Process process;

    private MotoPolicies(Process process) => this.process = process;

    /// <summary>Starts it. Skips the test where there is no moto, or fails it where everything must run.</summary>
    public static MotoPolicies Start()
    {
        SystemPackage.DemandBy("moto_server", "pip install 'moto[server]==5.2.1'");
        return new MotoPolicies(Process.Start(new ProcessStartInfo("python3", ["-c", Judge]) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!);
    }

    /// <summary>Whether each of these is permitted by a policy, whatever the conditions of the policy say.</summary>
    public async Task<IReadOnlyList<bool>> PermitsAsync(JudgedPolicy policy, IReadOnlyList<AskedRight> rights)
    {
        var statements = policy.Rules.Where(rule => !rule.Denies).Select(rule => new { Effect = "Allow", rule.Action, rule.Resource });
        var question = JsonSerializer.Serialize(new { policy = new { Version = "2012-10-17", Statement = statements }, asked = rights.Select(right => new[] { right.Action, right.Resource }) });
        await asking.WaitAsync();
        try
        {
            await process.StandardInput.WriteLineAsync(question);
            await process.StandardInput.FlushAsync();
            return await process.StandardOutput.ReadLineAsync() is { } answer
                ? JsonSerializer.Deserialize<bool[]>(answer)!
                : throw new InvalidOperationException($"moto's policy engine has ended: {await process.StandardError.ReadToEndAsync()}");
        }
        finally
        {
            asking.Release();
        }
    }

    public void Dispose()
    {
        process.Kill(entireProcessTree: true);
        process.WaitForExit();
        process.Dispose();
        asking.Dispose();
    }
}
