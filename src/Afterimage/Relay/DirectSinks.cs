using Afterimage.Entries;

namespace Afterimage.Relay;

/// <summary>All sinks that are served without a trail, side by side: what stands in the way of one is no other's matter.</summary>
/// <param name="sinks">The sinks, while they are served.</param>
/// <param name="opened">The same sinks, which end with this.</param>
internal sealed class DirectSinks(IReadOnlyList<DirectSink> sinks, IReadOnlyList<ISink> opened) : IAsyncDisposable
{
    /// <summary>Opens every sink without any call.</summary>
    /// <exception cref="UsageException">What is configured is wrong, or is for a process that stays: all that is.</exception>
    public static DirectSinks Of(IReadOnlyList<SinkOptions> options, SinkSite site, Random random)
    {
        List<Problem> problems = [.. SinkProblems.OfSeveral(options)];
        var (sinks, opened) = (new List<DirectSink>(), new List<ISink>());
        foreach (var one in options)
        {
            try
            {
                if (SinkAddress.Read(one.To).Address is SinkAddress.InFile)
                {
                    problems.Add(new Problem($"What the sink '{one.To}' writes goes with the function.", "Take it out, or name logs:GROUP or firehose:STREAM in its place; console: writes to the function's log."));
                    continue;
                }

                var sink = SinkOpener.Open(one, site);
                opened.Add(sink);
                sinks.Add(new DirectSink(sink, one, site.Time, new Random(random.Next())));
            }
            catch (UsageException e)
            {
                problems.AddRange(e.Problems);
            }
        }

        return problems.Count == 0 ? new DirectSinks(sinks, opened) : throw new UsageException(problems);
    }

    /// <summary>Sends entries to every sink that wants them.</summary>
    /// <param name="entries">The entries, in their order.</param>
    /// <param name="news">Is told what stands in the way.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>Those that have not arrived at every one of them.</returns>
    public async Task<IReadOnlySet<EntryId>> SendAsync(IReadOnlyList<AuditEntry> entries, IProgress<SinkNews> news, CancellationToken ct) =>
        (await Task.WhenAll(sinks.Select(sink => sink.SendAsync(entries, news, ct)))).SelectMany(missing => missing).ToHashSet();

    /// <summary>Forgets that these have arrived: they do not come again.</summary>
    public void Forget(IReadOnlySet<EntryId> handled)
    {
        foreach (var sink in sinks)
        {
            sink.Forget(handled);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var sink in opened)
        {
            await sink.DisposeAsync();
        }
    }
}
