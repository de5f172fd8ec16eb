using Afterimage.Relay;
using Afterimage.Streams.Aws;
using Afterimage.Trail;

namespace Afterimage.Hosting;

/// <summary>Passes the entries of a trail on to every sink that is configured, each by itself: what stands in the way of one is no other's matter.</summary>
public sealed class Relaying : IAsyncDisposable
{
    // A trail that cannot be asked for now is asked again this often.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource stop = new();
    private readonly CancellationTokenSource looking = new();
    private readonly RelayingSite site;
    private readonly TrailGrowth growth;
    private readonly List<ISink> sinks = [];
    private readonly List<Follower> followers = [];
    private readonly List<Task<bool>> serving = [];
    private Task growing = Task.CompletedTask;

    private Relaying(ITrail trail, RelayingSite site) => (this.site, growth) = (site, new TrailGrowth(trail, site.LookEvery, site.Time));

    /// <summary>Begins. What is kept from now on goes to every sink.</summary>
    /// <param name="trail">The trail.</param>
    /// <param name="options">The sinks.</param>
    /// <param name="site">What they are served with.</param>
    /// <param name="abandon">Gives up what is under way.</param>
    /// <exception cref="UsageException">What is configured is wrong: all that is.</exception>
    public static async Task<Relaying> StartAsync(ITrail trail, IReadOnlyList<SinkOptions> options, RelayingSite site, CancellationToken abandon)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(site);
        if (SinkProblems.OfSeveral(options) is { Count: > 0 } problems)
        {
            throw new UsageException(problems);
        }

        var relaying = new Relaying(trail, site);
        try
        {
            var holder = Convert.ToHexStringLower(site.Secrets(8));
            foreach (var one in options)
            {
                var sink = SinkOpener.Open(one, site.Sinks);
                relaying.sinks.Add(sink);
                await SinkBeginning.EnsureAsync(trail, one, site.Time.GetUtcNow(), abandon);
                relaying.followers.Add(new Follower(trail, sink, one, relaying.growth, holder, new RelaySurroundings(site.Time, new Random(site.Random.Next()), site.News)));
            }

            relaying.Begin(abandon);
            return relaying;
        }
        catch
        {
            await relaying.DisposeAsync();
            throw;
        }
    }

    /// <summary>How far the sinks are that this process serves.</summary>
    public IEnumerable<SinkState> States => followers.Select(follower => follower.State).OfType<SinkState>();

    /// <summary>What this process keeps itself need not be waited for.</summary>
    public void Nudge() => growth.Nudge();

    /// <summary>Ends.</summary>
    /// <param name="all">Whether everything that the trail holds is passed on first, to every sink that takes it; else what is under way is finished and the rest is for the next run.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>Whether every sink was served all that the trail holds.</returns>
    public async Task<bool> FinishAsync(bool all, CancellationToken ct)
    {
        if (all)
        {
            await growth.LookAsync(ct);
            followers.ForEach(follower => follower.Finish());
        }
        else
        {
            await stop.CancelAsync();
        }

        return (await Task.WhenAll(serving)).All(isServed => isServed);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await looking.CancelAsync();
        await Task.WhenAll([growing, .. serving]).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var sink in sinks)
        {
            await sink.DisposeAsync();
        }

        stop.Dispose();
        looking.Dispose();
    }

    private void Begin(CancellationToken abandon)
    {
        if (followers.Count == 0)
        {
            return;
        }

        growing = Task.Run(() => AgainAsync("The trail", async () => await growth.RunAsync(looking.Token), looking.Token), CancellationToken.None);
        serving.AddRange(followers.Select(follower => Task.Run(() => ServeAsync(follower, abandon), CancellationToken.None)));
    }

    private async Task<bool> ServeAsync(Follower follower, CancellationToken abandon)
    {
        var isServed = false;
        await AgainAsync(follower.Sink, async () => isServed = await follower.RunAsync(stop.Token, abandon), stop.Token);
        return isServed;
    }

    // What fails here is the trail, which says so wherever it is used; the target's troubles are the follower's matter.
    private async Task AgainAsync(string what, Func<Task> work, CancellationToken until)
    {
        while (true)
        {
            try
            {
                await work();
                return;
            }
            catch (OperationCanceledException) when (until.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is AfterimageException or AwsException or FormatException)
            {
                site.News.Report(new SinkNews(what, $"It is not served for now: {e.Message}", (e as AfterimageException)?.Hint ?? "It is tried again."));
                await Task.Delay(Pause, site.Time, until).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (until.IsCancellationRequested)
                {
                    return;
                }
            }
        }
    }
}
