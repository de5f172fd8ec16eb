using System.Globalization;
using Afterimage.Proof;

namespace Afterimage.Verifying;

/// <summary>What somebody says the log's root was at some sizes, by size.</summary>
/// <param name="who">Who says so.</param>
/// <param name="checkpoints">What they say.</param>
/// <param name="key">The key that must have signed it.</param>
internal sealed class RootClaims(string who, IAsyncEnumerator<SignedCheckpoint> checkpoints, VerifierKey key)
{
    private SignedCheckpoint? next;
    private bool isBegun;

    /// <summary>The largest size that was claimed; 0 before any was.</summary>
    public long Largest { get; private set; }

    /// <summary>Whether signatures of all are checked, and not only of the newest.</summary>
    public bool ChecksSignatures { get; init; }

    /// <summary>Compares what is claimed of this size.</summary>
    public async Task CompareAsync(TreeState log, Findings findings)
    {
        await BeginAsync(findings);
        for (; next is not null && next.Checkpoint.Size <= log.Size; await StepAsync(findings))
        {
            var claimed = next.Checkpoint;
            if (claimed.Size < log.Size || claimed.Root != log.Root())
            {
                findings.Altered("FORK", string.Create(CultureInfo.InvariantCulture, $"{who} has another log at size {claimed.Size}"));
            }
        }
    }

    /// <summary>Finds what is claimed of sizes that the log does not have.</summary>
    public async Task EndAsync(Func<Task<long>> sizeNow, Findings findings)
    {
        await BeginAsync(findings);
        while (next is not null)
        {
            await StepAsync(findings);
        }

        if (await sizeNow() is var size && Largest > size)
        {
            findings.Altered("ROLLBACK", string.Create(CultureInfo.InvariantCulture, $"{who} has size {Largest}, the log ends at {size}"));
        }
    }

    /// <summary>Asks for no more.</summary>
    public ValueTask CloseAsync() => checkpoints.DisposeAsync();

    private async Task BeginAsync(Findings findings)
    {
        if (!isBegun)
        {
            isBegun = true;
            await StepAsync(findings);
        }
    }

    private async Task StepAsync(Findings findings)
    {
        try
        {
            next = await checkpoints.MoveNextAsync() ? checkpoints.Current : null;
        }
        catch (FormatException e)
        {
            findings.Altered("SIGNATURE", $"{who} holds what is no checkpoint: {e.Message}");
            next = null;
        }

        if (next is not null)
        {
            Largest = Math.Max(Largest, next.Checkpoint.Size);
            if (ChecksSignatures && !next.IsSignedBy(key))
            {
                findings.Altered("SIGNATURE", string.Create(CultureInfo.InvariantCulture, $"{who} has a checkpoint of size {next.Checkpoint.Size} that is not signed by {key.Name}"));
            }
        }
    }
}
