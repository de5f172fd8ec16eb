using Afterimage.Streams.Aws;
using Afterimage.Streams.Leases;
using Afterimage.Streams.Records;
using Afterimage.Streams.Shards;

namespace Afterimage.Streams.Reading;

/// <summary>The shards of a stream that are being read, each in its turn.</summary>
internal sealed class ShardTurns(IStreamsApi api, StreamState state, StreamLeases leases, Workshop shop)
{
    private static readonly TimeSpan ReadTogether = TimeSpan.FromMilliseconds(50);

    private readonly Dictionary<ShardId, Turn> active = [];
    private readonly List<Turn> awaitingListing = [];
    private readonly List<Turn> awaitingBeat = [];
    private bool isLeft;

    /// <summary>Is told of a shard that is not read any more: it was read to its end, or given up.</summary>
    public required Action Ended { get; init; }

    /// <summary>Is told of a shard that is another worker's now.</summary>
    public required Action Lost { get; init; }

    /// <summary>Is told when the service denies a shard, or what was next in it.</summary>
    public required Action Missed { get; init; }

    /// <summary>Is told of an error that waiting does not mend.</summary>
    public required Action<AwsException> Refused { get; init; }

    public int Count => active.Count;

    /// <summary>Whether anything was ever read.</summary>
    public bool HasRead { get; private set; }

    /// <summary>Up to when each quiet shard is taken for read.</summary>
    public IReadOnlyDictionary<ShardId, DateTimeOffset> ReadThrough => active.Values
        .Where(turn => turn.ReadThrough is not null)
        .ToDictionary(turn => turn.Reader.Progress.Shard, turn => turn.ReadThrough!.Value);

    public bool Contains(ShardId shard) => active.ContainsKey(shard);

    public bool AreQuiet(TimeSpan quietFor) => (active.Count == 0 || leases.IsSure) && active.Values.All(turn => !turn.IsBusy && turn.Pacing.IsQuiet(shop.Now, quietFor));

    /// <summary>Begins to read shards; those that are being read already go on.</summary>
    public void Start(IEnumerable<Shard> shards)
    {
        foreach (var shard in shards.Where(shard => !active.ContainsKey(shard.Id)).ToList())
        {
            var turn = new Turn(new ShardReader(api, state.Stream, state.ProgressOf(shard), shop), shop.LimitOfShard());
            turn.Next = shop.Agenda.Make(() => shop.StartRead(() => MayRead(turn) ? Read(turn) : null));
            turn.Next.At(shop.Now);
            active.Add(shard.Id, turn);
            shop.Lookout.Hold(state.Stream, shard.Id, shard.Ending is null, state.HistoryOf(turn.Reader.Progress, shop.UtcNow).ReadThrough);
            state.Count();
        }
    }

    /// <summary>Goes on with shards that waited for a new listing.</summary>
    public void GoOn()
    {
        awaitingListing.ForEach(turn => turn.Next!.At(shop.Now));
        awaitingListing.Clear();
    }

    /// <summary>Goes on with shards that waited until it was known again that they are held.</summary>
    public void GoOnAfterBeat()
    {
        awaitingBeat.ForEach(turn => turn.Next!.At(shop.Now));
        awaitingBeat.Clear();
    }

    /// <summary>Reads a shard no more, unless a page of it is under way.</summary>
    public bool TryDrop(ShardId shard)
    {
        if (active.TryGetValue(shard, out var turn))
        {
            if (turn.IsBusy)
            {
                return false;
            }

            turn.Next!.Never();
            Remove(shard);
        }

        return true;
    }

    /// <summary>Reads nothing any more; a page that is under way is still kept.</summary>
    public void Leave()
    {
        isLeft = true;
        awaitingListing.Clear();
        awaitingBeat.Clear();
        foreach (var shard in active.Keys.ToList())
        {
            TryDrop(shard);
        }
    }

    private void Remove(ShardId shard)
    {
        active.Remove(shard);
        shop.Lookout.Drop(state.Stream, shard);
    }

    private bool MayRead(Turn turn)
    {
        if (active.GetValueOrDefault(turn.Reader.Progress.Shard) != turn)
        {
            return false;
        }

        if (!leases.IsSure)
        {
            awaitingBeat.Add(turn);
            return false;
        }

        return true;
    }

    private Work Read(Turn turn)
    {
        turn.IsBusy = true;
        var history = state.HistoryOf(turn.Reader.Progress, shop.UtcNow);
        return new Work($"{state.Stream.Table}: reading its changes", ReadAsync(turn, history))
        {
            IsRead = true,
            Release = () => Release(turn),
            Postpone = () => Fail(turn),
            Refuse = e =>
            {
                Fail(turn);
                Refused(e);
            },
        };
    }

    private async Task<Action> ReadAsync(Turn turn, ShardHistory history)
    {
        var before = turn.Reader.Progress;
        var result = await turn.Reader.ReadAsync(history);
        return () =>
        {
            if (turn.Reader.Progress != before)
            {
                state.Keep(turn.Reader.Progress);
            }

            Settle(turn, result, history);
        };
    }

    private void Release(Turn turn)
    {
        turn.IsBusy = false;
        if (isLeft)
        {
            TryDrop(turn.Reader.Progress.Shard);
        }
    }

    private void Settle(Turn turn, ReadResult result, ShardHistory history)
    {
        HasRead |= result is not (ReadResult.Missing or ReadResult.Expired or ReadResult.Trimmed);
        turn.ReadThrough = turn.Reader.ReadThrough;
        var (shard, epoch) = (turn.Reader.Progress.Shard, turn.Reader.Progress.Epoch);
        Show(turn, result, history);
        switch (result)
        {
            case ReadResult.Ended:
                Remove(shard);
                leases.End(shard);
                Ended();
                break;
            case ReadResult.Lost:
                Remove(shard);
                leases.Lose(shard, epoch);
                Lost();
                break;
            case var _ when !leases.Holds(shard, epoch):
                // It was lost while the read was under way. What was read is kept, or was refused.
                Remove(shard);
                Ended();
                break;
            case ReadResult.Missing:
                Fail(turn);
                Missed();
                break;
            case ReadResult.Trimmed:
                awaitingListing.Add(turn);
                Missed();
                break;
            case ReadResult.Expired:
                Fail(turn);
                break;
            default:
                (turn.Pacing, var pause) = result is ReadResult.Empty or ReadResult.Repeats
                    ? turn.Pacing.AfterEmpty(shop.Now, shop.Options.Pacing)
                    : Pacing.AfterRecords(fullPage: result != ReadResult.Records);
                turn.Next!.At(Together(shop.Now + (turn.Limit.Take() is var wait && wait > pause ? wait : pause), pause));
                break;
        }
    }

    // A read that was denied, or that another worker was ahead of, is no progress.
    private void Show(Turn turn, ReadResult result, ShardHistory history)
    {
        shop.Meter?.Read(state.Stream, result.ToString());
        if (result is ReadResult.Empty or ReadResult.Repeats or ReadResult.Records or ReadResult.FullPage && active.ContainsKey(turn.Reader.Progress.Shard))
        {
            var readThrough = new[] { turn.ReadThrough, turn.Reader.Progress.ReadThrough, history.ReadThrough }.Max();
            shop.Lookout.NoteRead(state.Stream, turn.Reader.Progress.Shard, history.Listed is not { Ending: not null }, readThrough);
        }
    }

    // Waking up for a read costs as much as the read: those that can wait a moment are made together.
    private static TimeSpan Together(TimeSpan due, TimeSpan pause) =>
        pause < ReadTogether * 10 ? due : new TimeSpan((due.Ticks + ReadTogether.Ticks - 1) / ReadTogether.Ticks * ReadTogether.Ticks);

    private void Fail(Turn turn)
    {
        if (!leases.Holds(turn.Reader.Progress.Shard, turn.Reader.Progress.Epoch))
        {
            Remove(turn.Reader.Progress.Shard);
            Ended();
            return;
        }

        (turn.Pacing, var pause) = turn.Pacing.AfterFailure(shop.Random);
        turn.Next!.At(shop.Now + pause);
    }

    private sealed class Turn(ShardReader reader, RateLimit limit)
    {
        public RateLimit Limit { get; } = limit;

        public ShardReader Reader { get; } = reader;

        public Pacing Pacing { get; set; } = Pacing.Start;

        public Agenda.Appointment? Next { get; set; }

        public bool IsBusy { get; set; }

        public DateTimeOffset? ReadThrough { get; set; }
    }
}
