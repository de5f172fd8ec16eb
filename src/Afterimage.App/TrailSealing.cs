using Afterimage.Sealing;
using Afterimage.Trail;

namespace Afterimage.App;

/// <summary>Seals the trail beside the worker that fills it, and once more when the worker has ended.</summary>
internal sealed class TrailSealing : IAsyncDisposable
{
    private readonly ITrail trail;
    private readonly Sealer sealer;
    private readonly ISigningKey key;
    private readonly IReadOnlyList<IWitness> witnesses;
    private readonly CancellationTokenSource end = new();
    private Task loop = Task.CompletedTask;

    // It owns key and witnesses from the first moment, so that whatever goes wrong while they are asked lets them go.
    private TrailSealing(Invocation call, ITrail trail, string name)
    {
        this.trail = trail;
        key = call.OpenKey(OpenMode.CreateOrWrite);
        witnesses = call.OpenWitnesses(OpenMode.CreateOrWrite);
        sealer = new Sealer(trail, name, key, witnesses, call.Surroundings.Time);
    }

    /// <summary>Begins. The trail gets its name now, if it has none.</summary>
    /// <exception cref="UsageException">The trail has another name than the configuration says.</exception>
    public static async Task<TrailSealing> StartAsync(Invocation call, ITrail trail, CancellationToken ct)
    {
        const int NameBytes = 8;
        var (proof, wanted) = (call.Options.Proof, call.Options.Proof.Origin);
        var name = await trail.NameAsync(wanted ?? $"afterimage/{Convert.ToHexStringLower(call.Surroundings.Secrets(NameBytes))}", ct);
        if (wanted is not null && wanted != name)
        {
            throw new UsageException($"proof.origin is '{wanted}', and the trail {call.Options.Trail} was begun as '{name}'.", $"Write \"origin\": \"{name}\", or begin another trail with --trail.");
        }

        var sealing = new TrailSealing(call, trail, name);
        try
        {
            var verifier = await sealing.key.VerifierAsync(name, ct);
            call.Printer.Message($"Sealing every {DurationText.Of(proof.Pace)} with {proof.Key}. Its verifier key, for whoever checks the trail: {verifier}");
            sealing.loop = new SealingLoop(trail, sealing.sealer, proof.Pace, call.Surroundings.Time).RunAsync(new Trouble(call.Printer), sealing.end.Token);
            return sealing;
        }
        catch
        {
            await sealing.DisposeAsync();
            throw;
        }
    }

    /// <summary>Seals what was kept last.</summary>
    public async Task FinishAsync(CancellationToken ct)
    {
        await end.CancelAsync();
        await loop;
        await trail.PlaceIntakeAsync(ct);

        // One seal may not hold all that has grown; what grows meanwhile is for whoever makes it grow.
        for (int left = int.MaxValue, grown = int.MaxValue - 1; grown > 0 && grown < left;)
        {
            await sealer.SealAsync(DateTimeOffset.MaxValue, ct);
            (left, grown) = (grown, (await trail.Log.GrownAsync(ct)).Count);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        await loop;
        end.Dispose();
        key.Dispose();
        Invocation.Close(witnesses);
    }

    private sealed class Trouble(Output.Printer printer) : IProgress<AfterimageException?>
    {
        public void Report(AfterimageException? value)
        {
            if (value is null)
            {
                printer.Message("Sealing works again.");
            }
            else
            {
                printer.Warn($"Nothing is sealed: {value.Message} {value.Hint}");
            }
        }
    }
}
