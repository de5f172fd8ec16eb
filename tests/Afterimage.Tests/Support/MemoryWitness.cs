using Afterimage.Proof;
using Afterimage.Sealing;

namespace Afterimage.Tests.Support;

/// <summary>A witness in memory.</summary>
internal sealed class MemoryWitness : IWitness
{
    public SortedDictionary<long, SignedCheckpoint> Held { get; } = [];

    public string Uri => "memory:";

    public Task<SignedCheckpoint?> NewestAsync(long above, CancellationToken ct)
    {
        lock (Held)
        {
            return Task.FromResult(Held.LastOrDefault().Value is { } newest && newest.Checkpoint.Size > above ? newest : null);
        }
    }

    public IAsyncEnumerable<SignedCheckpoint> AllAsync(CancellationToken ct)
    {
        lock (Held)
        {
            return Held.Values.ToList().ToAsyncEnumerable();
        }
    }

    public Task<SignedCheckpoint> WitnessAsync(SignedCheckpoint checkpoint, CancellationToken ct)
    {
        lock (Held)
        {
            Held.TryAdd(checkpoint.Checkpoint.Size, checkpoint);
            return Task.FromResult(Held[checkpoint.Checkpoint.Size]);
        }
    }

    public void Dispose()
    {
    }
}
