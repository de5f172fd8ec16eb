using Afterimage.Proof;

namespace Afterimage.Sealing;

/// <summary>A place that holds checkpoints and that the trail's operator cannot quietly rewrite. What it holds is never changed or deleted through this.</summary>
public interface IWitness : IDisposable
{
    /// <summary>Its address, as the user wrote it.</summary>
    string Uri { get; }

    /// <summary>The checkpoint that is held for the largest size above this one; null if there is none.</summary>
    /// <exception cref="AfterimageException">It cannot be reached or read, or holds what is no checkpoint.</exception>
    Task<SignedCheckpoint?> NewestAsync(long above, CancellationToken ct);

    /// <summary>Every checkpoint it holds, by size.</summary>
    /// <inheritdoc cref="NewestAsync" path="/exception"/>
    IAsyncEnumerable<SignedCheckpoint> AllAsync(CancellationToken ct);

    /// <summary>Hands a checkpoint over, unless one of its size is held already.</summary>
    /// <returns>The checkpoint that is held for this size now: this one, or the one that was there.</returns>
    /// <inheritdoc cref="NewestAsync" path="/exception"/>
    Task<SignedCheckpoint> WitnessAsync(SignedCheckpoint checkpoint, CancellationToken ct);
}
