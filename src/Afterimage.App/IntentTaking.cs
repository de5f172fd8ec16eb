using Afterimage.Capture;
using Afterimage.Trail;

namespace Afterimage.App;

/// <summary>Makes entries of intents beside the worker that reads streams, and once more when the worker has ended.</summary>
internal sealed class IntentTaking : IAsyncDisposable
{
    private readonly TransactionIntake intake;
    private readonly CancellationTokenSource end = new();
    private readonly Task loop;

    private IntentTaking(TransactionIntake intake, Output.Printer printer)
    {
        this.intake = intake;
        loop = intake.RunAsync(new Trouble(printer), end.Token);
    }

    /// <summary>How many entries were made.</summary>
    public long Taken => intake.Taken;

    /// <summary>Begins.</summary>
    public static IntentTaking Start(Invocation call, ITrail trail) => new(
        new TransactionIntake(trail, call.Options.Tables, new IntakeRecorder(trail, call.Options.RulesOf, call.Surroundings.Secrets), call.Surroundings.Time), call.Printer);

    /// <summary>Makes entries of what was committed last.</summary>
    public async Task FinishAsync(CancellationToken ct)
    {
        await end.CancelAsync();
        await loop;
        await intake.TakeAsync(ct);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        await loop;
        end.Dispose();
    }

    private sealed class Trouble(Output.Printer printer) : IProgress<AfterimageException?>
    {
        public void Report(AfterimageException? value)
        {
            if (value is null)
            {
                printer.Message("Intents become entries again.");
            }
            else
            {
                printer.Warn($"{value.Message} {value.Hint}");
            }
        }
    }
}
