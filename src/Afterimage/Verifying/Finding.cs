namespace Afterimage.Verifying;

/// <summary>Something that a trail shows when it is checked.</summary>
/// <param name="Check">What was checked, as documented: a word such as <c>ROLLBACK</c>.</param>
/// <param name="What">What was found, as a sentence without a full stop.</param>
/// <param name="IsAlteration">Whether the trail was altered; else it is only not complete.</param>
public sealed record Finding(string Check, string What, bool IsAlteration)
{
    /// <summary>The trail was altered.</summary>
    public static Finding Altered(string check, string what) => new(check, what, IsAlteration: true);

    /// <summary>Something is missing, or not shown yet.</summary>
    public static Finding Incomplete(string check, string what) => new(check, what, IsAlteration: false);

    /// <inheritdoc/>
    public override string ToString() => $"{Check}: {What}";
}

/// <summary>What checking a trail came to.</summary>
/// <param name="Key">The key that its checkpoints were checked with.</param>
/// <param name="Size">How many leaves its log has.</param>
/// <param name="Root">The log's root.</param>
/// <param name="Entries">How many entries were checked.</param>
/// <param name="SealedAt">When it was last sealed.</param>
/// <param name="Findings">What was found, in the order in which it was.</param>
/// <param name="Unlisted">How many more findings there are than are listed.</param>
public sealed record Verification(
    Proof.VerifierKey Key, long Size, Proof.Sha256Hash Root, long Entries, DateTimeOffset? SealedAt, IReadOnlyList<Finding> Findings, long Unlisted)
{
    /// <summary>Whether something was altered.</summary>
    public bool IsAltered => Findings.Any(finding => finding.IsAlteration);

    /// <summary>The answer in a word or two, and of an incomplete trail what it lacks.</summary>
    public string Result => IsAltered
        ? $"ALTERED: {Words(Findings.Where(finding => finding.IsAlteration))}"
        : Findings.Count > 0 ? $"intact, incomplete: {Words(Findings)}" : "intact and complete";

    private static string Words(IEnumerable<Finding> findings) =>
        string.Join(", ", findings.GroupBy(finding => finding.Check).Select(group => group.Count() > 1 ? $"{group.Key} ({group.Count()})" : group.Key));
}
