using System.Globalization;

namespace Afterimage.Trail.DynamoDb;

/// <summary>
/// Who wrote something, and when they tried: what is committed under one claim can never be mistaken for what somebody else wrote, or the same process
/// before something failed.
/// </summary>
/// <param name="Epoch">The epoch of the lease under which it was written; 0 without one.</param>
/// <param name="Writer">The process, by a name that it drew at random.</param>
/// <param name="Attempt">Rises whenever an append of this process failed, since requests of it may still be on their way.</param>
internal sealed record Claim(long Epoch, string Writer, long Attempt)
{
    /// <summary>What stands in the place of a claim in entries that came by the intake: they are held from the moment they are put.</summary>
    public const string Intake = "intake";

    /// <summary>A claim as it is kept.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static Claim Read(string text) =>
        text.Split('.') is [var epoch, var writer, var attempt]
        && long.TryParse(epoch, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && long.TryParse(attempt, NumberStyles.None, CultureInfo.InvariantCulture, out var times)
            ? new Claim(number, writer, times)
            : throw new FormatException($"'{text}' is not a claim on places.");

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Epoch}.{Writer}.{Attempt}");
}
