using Afterimage.Tests.Support;

namespace Afterimage.Tests.Trail.DynamoDb;

/// <summary>Lets work stand still before one of its requests until it is woken, as a process does that the machine has no time for.</summary>
internal sealed class PausedWork : IDisposable
{
    private readonly List<TaskCompletionSource<Fate>> paused = [];
    private readonly AsyncLocal<Counter?> current = new();
    private readonly FakeTable table;

    public PausedWork(FakeTable table)
    {
        this.table = table;
        table.Weather = (_, _) => current.Value is { } counter && counter.Next() ? PauseAsync() : Task.FromResult(Fate.Done);
    }

    /// <summary>How many stand still.</summary>
    public int Paused => paused.Count;

    /// <summary>Begins work that stands still before this request of its own.</summary>
    public async Task Begin(Func<Task> work, int number)
    {
        current.Value = new Counter(number);
        await work();
    }

    /// <summary>Lets one go on.</summary>
    public void Wake(int which)
    {
        if (which < paused.Count)
        {
            paused[which].TrySetResult(Fate.Done);
        }
    }

    public void Dispose() => table.Calm();

    private Task<Fate> PauseAsync()
    {
        var pause = new TaskCompletionSource<Fate>();
        paused.Add(pause);
        return pause.Task;
    }

    private sealed class Counter(int number)
    {
        private int requests;

        public bool Next() => ++requests == number;
    }
}
