using Afterimage.Streams.Records;

namespace Afterimage.Streams.Reading;

/// <summary>The streams of a worker: those that are followed, those that wait until the one before them is over, and those that are let go.</summary>
internal sealed class Roster(Workshop shop)
{
    private readonly Dictionary<StreamArn, StreamFollower> followers = [];
    private readonly List<StreamFollower> leaving = [];
    private IReadOnlyList<FollowedStream>? wanted;

    public IReadOnlyCollection<StreamFollower> Followers => followers.Values;

    /// <summary>Whether it was ever said what is wanted.</summary>
    public bool IsTold => wanted is not null;

    /// <summary>Whether everything that is wanted has been read.</summary>
    public bool IsDrained(TimeSpan quietFor) =>
        wanted is not null && wanted.All(stream => followers.ContainsKey(stream.Stream)) && followers.Values.Count(follower => follower.IsDrained(quietFor)) == followers.Count;

    /// <summary>Takes in what is wanted now.</summary>
    public void Take(IReadOnlyList<FollowedStream> streams)
    {
        wanted = streams;
        var named = streams.Select(stream => stream.Stream).ToHashSet();
        foreach (var follower in followers.Values.Where(follower => !named.Contains(follower.Stream)).ToList())
        {
            follower.Leave();
            followers.Remove(follower.Stream);
            leaving.Add(follower);
        }
    }

    /// <summary>Begins with those that need not wait any more.</summary>
    public void Advance()
    {
        foreach (var follower in leaving.Where(follower => follower.IsIdle).ToList())
        {
            follower.Close();
            leaving.Remove(follower);
        }

        if (followers.Count == wanted?.Count)
        {
            return;
        }

        foreach (var stream in wanted ?? [])
        {
            // One that is wanted again while its last page is still being kept waits for that: a shard has one reader.
            if (!followers.ContainsKey(stream.Stream) && !leaving.Exists(one => one.Stream == stream.Stream) && TryFindPrevious(stream, out var previous))
            {
                followers.Add(stream.Stream, new StreamFollower(stream with { Previous = previous }, shop));
            }
        }
    }

    // False while the one before is not over. One that was gone before anybody read it leaves its place to the one before it.
    private bool TryFindPrevious(FollowedStream stream, out StreamArn? previous)
    {
        previous = stream.Previous;
        while (wanted!.FirstOrDefault(one => one.Stream == stream.Previous) is { } before)
        {
            if (!followers.TryGetValue(before.Stream, out var follower) || !follower.IsOver)
            {
                return false;
            }

            if (follower.IsBegun)
            {
                return true;
            }

            previous = before.Previous;
            stream = before;
        }

        return true;
    }
}
