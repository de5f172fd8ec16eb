using Afterimage.Streams.Reading;

namespace Afterimage.Capture;

/// <summary>Says what is so once, for as long as it stays so, however often it is found to be so.</summary>
internal sealed class StandingNotices(IProgress<WorkerNotice> notices)
{
    private HashSet<string> said = [];
    private Dictionary<string, Exception> failing = [];
    private HashSet<string> sayingNow = [];
    private Dictionary<string, Exception> failingNow = [];

    /// <summary>Whether anything failed in the last round.</summary>
    public bool HasFailures => failing.Count > 0;

    public void Say(string what) => sayingNow.Add(what);

    public void Fail(string what, Exception cause) => failingNow.TryAdd(what, cause);

    /// <summary>Begins the round anew, as if nothing had been found in it: one error stands for all of it.</summary>
    public void Forget() => (sayingNow, failingNow) = ([], []);

    /// <summary>Says what is new in this round. What was not found in it holds no more.</summary>
    public void EndRound()
    {
        var news = sayingNow.Except(said).Select(what => (WorkerNotice)new WorkerNotice.Noted(what))
            .Concat(failingNow.Where(one => !failing.ContainsKey(one.Key)).Select(one => new WorkerNotice.Failing(one.Key, one.Value)))
            .Concat(failing.Keys.Where(what => !failingNow.ContainsKey(what)).Select(what => new WorkerNotice.Recovered(what)));
        foreach (var notice in news.ToList())
        {
            notices.Report(notice);
        }

        (said, failing, sayingNow, failingNow) = (sayingNow, failingNow, [], []);
    }
}
