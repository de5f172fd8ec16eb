using Afterimage.Streams.Aws;

namespace Afterimage.Streams.Reading;

/// <content>How a stream ends: read through after it was switched off, gone, or no longer wanted.</content>
internal sealed partial class StreamFollower
{
    private const int DenialsOfTheGone = 2;

    // One listing can leave a shard out.
    private const int ListingsOfTheRead = 2;

    private TimeSpan listingSince;
    private TimeSpan? readSince;
    private int listingsSinceRead;
    private int denials;
    private bool isAsking;
    private bool isGone;
    private bool isLeft;

    /// <summary>Why the stream cannot be followed, though waiting may not mend it; null where it can.</summary>
    public AwsException? Refusal { get; private set; }

    /// <summary>Whether nothing will ever come of the stream again, and all that was in it is kept, or kept as a gap.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Whether its reading was ever begun.</summary>
    public bool IsBegun => state.IsBegun;

    /// <summary>Whether anything was ever read of it by this worker.</summary>
    public bool HasRead => turns.HasRead;

    /// <summary>Whether nothing of it is under way.</summary>
    public bool IsIdle => turns.Count == 0 && losing.Count == 0 && !isListing && !isBeginning && !isAsking;

    /// <summary>Reads no more; pages that have arrived are still kept.</summary>
    public void Leave()
    {
        isLeft = true;
        turns.Leave();
        leases.Want([]);
        shop.Lookout.Leave(Stream);
    }

    /// <summary>Gives up its shards, once nothing of them is under way.</summary>
    public void Close() => leases.Close();

    // A stream that was switched off is never switched on again. Its end is believed late: a child of the last shard may not be listed for a
    // moment, and what is taken for the end lets the stream that follows begin.
    private void WatchForEnd()
    {
        if (!state.IsReadThrough || turns.Count > 0 || losing.Count > 0 || state.Losses(IsBeingRead, shop.UtcNow, onlySeen: false).Count > 0)
        {
            readSince = null;
            return;
        }

        if (readSince is not { } since)
        {
            since = shop.Now;
            readSince = since;
            listingsSinceRead = 0;
        }

        listingsSinceRead += listingSince >= since + ChildAwaited ? 1 : 0;
        IsOver = listingsSinceRead >= ListingsOfTheRead;
        HideWhenOver();
        ListWithin(since + ChildAwaited > shop.Now ? since + ChildAwaited - shop.Now : RelistFirst);
    }

    private void RefuseListing(AwsException e)
    {
        if (e is ResourceNotFoundException denial)
        {
            NoteDenial(denial);
            return;
        }

        RefuseForNow(e);
    }

    private void Refuse(AwsException e) => Refusal = e;

    // One denial is taken for a mishap. At the second somebody who knows the table is asked.
    private void NoteDenial(ResourceNotFoundException e)
    {
        if (++denials < DenialsOfTheGone)
        {
            ListWithin(RelistFirst);
        }
        else if (!isAsking)
        {
            isAsking = true;
            shop.Start(new Work($"{Stream.Table}: asking whether its stream is gone", AskAsync(e))
            {
                Release = () => isAsking = false,
                Postpone = PostponeListing,
                Refuse = RefuseForNow,
            });
        }
    }

    private async Task<Action> AskAsync(ResourceNotFoundException denial)
    {
        if (!await shop.Source.IsGoneAsync(what, shop.Stop))
        {
            return () => RefuseForNow(denial);
        }

        var known = await shop.Journal.ReadAsync(Stream, shop.Stop);
        return () =>
        {
            state.Load(known);
            Refusal = null;
            if (!isGone)
            {
                isGone = true;
                shop.Notices.Report(new WorkerNotice.Noted($"{Stream.Table}: the stream {Stream.Label} is gone. What was not read of it is kept as a gap."));
            }

            LoseRest();
        };
    }

    private void RefuseForNow(AwsException e)
    {
        Refuse(e);
        ListWithin(shop.Options.SweepEvery);
    }

    private void LoseRest()
    {
        turns.Leave();
        if (turns.Count > 0)
        {
            // A page that has arrived is kept first.
            ListWithin(RelistFirst);
            return;
        }

        var losses = state.LossesOfStream(shop.UtcNow);
        leases.Want(losses.Select(Wanted));
        lost = losing.Keep(losses);
        IsOver = lost.Count == 0;
        HideWhenOver();
    }

    // What is over is listed no more, and nobody is to miss that.
    private void HideWhenOver()
    {
        if (IsOver)
        {
            shop.Lookout.Leave(Stream);
        }
    }
}
