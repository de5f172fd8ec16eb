using Afterimage.Streams.Records;

namespace Afterimage.Tests.Simulation;

/// <summary>Everything outside the processes: tables, service, trail, and the time that passes.</summary>
internal sealed class SimWorld(SimLoop loop, SimWeather weather, Action<string>? trace)
{
    // Long enough apart that no reader asks twice within the same falsehood.
    private static readonly TimeSpan NotFoundApart = TimeSpan.FromMinutes(10);

    private DateTimeOffset saidNotFound = DateTimeOffset.MinValue;

    public SimLoop Loop { get; } = loop;

    public SimTrail Trail { get; } = new(loop);

    public List<SimTable> Tables { get; } = [];

    public SimWeather Weather { get; set; } = weather;

    /// <summary>Whether calls may be slow: some that began before it calmed are still on their way after.</summary>
    public bool IsEverSlow { get; } = weather.Slow > 0;

    /// <summary>How often a call of the store fails.</summary>
    public double StoreFailures { get; set; }

    /// <summary>The first thing that went wrong in the code that is being simulated.</summary>
    public Exception? Failure { get; set; }

    public SimStream? FindStream(StreamArn arn) => Tables.SelectMany(table => table.Streams).FirstOrDefault(stream => stream.Arn == arn);

    /// <summary>Whether the service may deny something that is there: never twice within a while.</summary>
    public bool MaySayNotFound() => Loop.Now - saidNotFound >= NotFoundApart;

    public void SaidNotFound() => saidNotFound = Loop.Now;

    /// <summary>Notes what happens, where somebody wants to read it.</summary>
    public void Tell(FormattableString what) => trace?.Invoke($"{Loop.Now:dd HH:mm:ss.fff} {FormattableString.Invariant(what)}");
}
