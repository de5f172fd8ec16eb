namespace Afterimage.Streams.Reading;

/// <summary>What is to be done when, for every shard and stream of a worker. Moments are counted from its start, so that no clock that is set matters.</summary>
internal sealed class Agenda
{
    private readonly PriorityQueue<(Appointment What, long Version), (TimeSpan Due, long Order)> queue = new();
    private long order;

    /// <summary>Makes an appointment without a moment yet.</summary>
    public Appointment Make(Action act) => new(this, act);

    /// <summary>The next moment at which something is due.</summary>
    public TimeSpan? Next
    {
        get
        {
            while (queue.TryPeek(out var first, out var at))
            {
                if (first.Version == first.What.Version)
                {
                    return at.Due;
                }

                queue.Dequeue();
            }

            return null;
        }
    }

    /// <summary>Does what is due.</summary>
    public void RunDue(TimeSpan now)
    {
        while (Next <= now)
        {
            queue.Dequeue().What.Act();
        }
    }

    private void Enter(Appointment what, TimeSpan due) => queue.Enqueue((what, what.Version), (due, order++));

    /// <summary>Something that is done at a moment; another moment replaces the one before.</summary>
    internal sealed class Appointment(Agenda agenda, Action act)
    {
        public long Version { get; private set; }

        private TimeSpan? due;

        public void At(TimeSpan moment)
        {
            Version++;
            due = moment;
            agenda.Enter(this, moment);
        }

        public void NoLaterThan(TimeSpan moment)
        {
            if (due is null || due > moment)
            {
                At(moment);
            }
        }

        public void Never()
        {
            Version++;
            due = null;
        }

        public void Act()
        {
            Never();
            act();
        }
    }
}
