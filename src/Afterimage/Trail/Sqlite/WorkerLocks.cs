using Afterimage.Streams.Leases;

namespace Afterimage.Trail.Sqlite;

/// <summary>A file for each worker beside the trail's, locked as long as the worker lives: the system gives the lock back however a process ends.</summary>
internal sealed class WorkerLocks(string path) : IDisposable
{
    private readonly Dictionary<WorkerId, FileStream> held = [];
    private readonly Lock gate = new();

    /// <summary>Locks a worker's file. It is there before anybody hears of the worker.</summary>
    public void Hold(WorkerId me)
    {
        lock (gate)
        {
            if (!held.ContainsKey(me))
            {
                held.Add(me, new FileStream(PathOf(me), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            }
        }
    }

    /// <summary>Whether nobody holds a worker's lock.</summary>
    public bool IsFree(WorkerId who)
    {
        try
        {
            using var lockable = new FileStream(PathOf(who), FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return true;
        }
        catch (FileNotFoundException)
        {
            return true;
        }
        catch (IOException)
        {
            return false;
        }
        catch (UnauthorizedAccessException)
        {
            // A worker of another user: whether it lives is told by its beats alone.
            return false;
        }
    }

    /// <summary>Lets a worker's lock go, and its file. The file of another that is only paused stays: it could not be seen alive without.</summary>
    public void Remove(WorkerId who)
    {
        lock (gate)
        {
            held.Remove(who, out var mine);
            mine?.Dispose();
            if (IsFree(who))
            {
                File.Delete(PathOf(who));
            }
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            foreach (var mine in held.Values)
            {
                mine.Dispose();
            }

            held.Clear();
        }
    }

    private string PathOf(WorkerId worker) => $"{path}-{worker.Value}";
}
