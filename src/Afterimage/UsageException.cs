namespace Afterimage;

/// <summary>Wrong usage or configuration: every problem that was found, so that all can be mended at once.</summary>
public sealed class UsageException(IReadOnlyList<Problem> problems) : Exception(string.Join(Environment.NewLine, problems.Select(problem => problem.What)))
{
    /// <summary>One problem.</summary>
    public UsageException(string what, string hint)
        : this([new Problem(what, hint)])
    {
    }

    /// <summary>The problems, in the order in which they were met.</summary>
    public IReadOnlyList<Problem> Problems { get; } = problems;
}

/// <summary>Something that is wrong, and what to do about it.</summary>
public sealed record Problem(string What, string Hint);
