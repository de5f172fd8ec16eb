using Afterimage.Streams.Reading;

namespace Afterimage.Streams.Watching;

/// <summary>Says what is wrong once, once more where it gets worse, and once that it is over: an hour of it makes no flood.</summary>
internal sealed class HealthWatch(IProgress<WorkerNotice> notices)
{
    private Dictionary<(string Table, HealthCause Cause), HealthReason> standing = [];

    public void Note(Health health)
    {
        var now = health.Reasons.ToDictionary(reason => (reason.Table, reason.Cause));
        foreach (var (key, reason) in now.ToList())
        {
            if (!standing.TryGetValue(key, out var before) || reason.Level > before.Level)
            {
                notices.Report(new WorkerNotice.Alarmed(reason));
            }
            else
            {
                now[key] = before;
            }
        }

        foreach (var (_, over) in standing.Where(one => !now.ContainsKey(one.Key)))
        {
            notices.Report(new WorkerNotice.Eased(over));
        }

        standing = now;
    }
}
