namespace Afterimage.Verifying;

/// <summary>Gathers findings, of each kind so many that a person can read them, and counts the rest.</summary>
internal sealed class Findings
{
    private const int ListedMax = 100;

    private readonly Dictionary<string, int> counts = new(StringComparer.Ordinal);
    private readonly List<Finding> listed = [];
    private readonly Lock gate = new();

    /// <summary>How many are not listed.</summary>
    public long Unlisted { get; private set; }

    /// <summary>Those that are.</summary>
    public IReadOnlyList<Finding> Listed => listed;

    public void Add(Finding finding)
    {
        lock (gate)
        {
            var count = counts[finding.Check] = counts.GetValueOrDefault(finding.Check) + 1;
            if (count <= ListedMax)
            {
                listed.Add(finding);
            }
            else
            {
                Unlisted++;
            }
        }
    }

    public void Altered(string check, string what) => Add(Finding.Altered(check, what));

    public void Incomplete(string check, string what) => Add(Finding.Incomplete(check, what));
}
