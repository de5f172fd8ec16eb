using Afterimage.Streams.Reading;

namespace Afterimage.Capture;

/// <summary>Says what is so once, for as long as it stays so, however often it is found to be so.</summary>
internal sealed class StandingNotices(IProgress<WorkerNotice> notices)
{
    private HashSet<string> said = [];
    private HashSet<string> failing = [];
    private HashSet<string> sayingNow = [];
    private HashSet<string> failingNow = [];

    /// <summary>Whether anything failed in the last round.</summary>
    public bool HasFailures => failing.Count > 0;

    public void Say(string what)
    {
        if (sayingNow.Add(what) && !said.Contains(what))
        {
            notices.Report(new WorkerNotice.Noted(what));
        }
    }

    public void Fail(string what, Exception cause)
    {
        if (failingNow.Add(what) && !failing.Contains(what))
        {
            notices.Report(new WorkerNotice.Failing(what, cause));
        }
    }

    /// <summary>Begins the round anew, as if nothing had been found in it.</summary>
    public void Forget() => (sayingNow, failingNow) = ([], []);

    /// <summary>What was not said since the last round holds no more.</summary>
    public void EndRound()
    {
        foreach (var what in failing.Except(failingNow))
        {
            notices.Report(new WorkerNotice.Recovered(what));
        }

        (said, failing, sayingNow, failingNow) = (sayingNow, failingNow, [], []);
    }
}
