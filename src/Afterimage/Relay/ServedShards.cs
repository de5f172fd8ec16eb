using System.Runtime.CompilerServices;
using Afterimage.Entries;
using Afterimage.Trail;

namespace Afterimage.Relay;

/// <summary>The shards of the trail in the order in which a sink is served from them: none before those that it continues.</summary>
/// <param name="cursors">What is noted of how far each was served, by name.</param>
internal sealed class ServedShards(IReadOnlyDictionary<string, TrailNote> cursors) : IAsyncDisposable
{
    // One shard that is far behind does not keep the others waiting.
    private const int TurnMax = 500;

    private readonly Dictionary<string, ServedShard> shards = [];

    /// <summary>Whether everything that was seen has been read.</summary>
    public bool AreReadOut => shards.Values.All(shard => !shard.HasMore);

    /// <summary>How many places the sink was not served from yet.</summary>
    public long Behind => shards.Values.Sum(shard => shard.Behind);

    /// <summary>Takes in how far the trail has grown.</summary>
    public void See(IEnumerable<TrailShard> rows)
    {
        foreach (var row in rows)
        {
            var name = SinkNotes.CursorOf(row);
            if (shards.TryGetValue(name, out var known))
            {
                known.Row = row;
            }
            else
            {
                shards.Add(name, new ServedShard(row, cursors.GetValueOrDefault(name)));
            }
        }
    }

    /// <summary>Entries that come next, a turn from each shard that may be read, until the caller has enough.</summary>
    public async IAsyncEnumerable<(ServedShard Shard, AuditEntry Entry)> ReadAsync(ITrail trail, [EnumeratorCancellation] CancellationToken ct)
    {
        foreach (var shard in Readable())
        {
            for (var taken = 0; taken < TurnMax && await shard.NextAsync(trail, ct) is { } entry; taken++)
            {
                yield return (shard, entry);
            }
        }
    }

    /// <summary>The writes that note how far shards were served, with the shards they are of.</summary>
    public IEnumerable<(ServedShard Shard, NoteWrite Write)> Moved() =>
        shards.Values.Select(shard => (Shard: shard, Write: shard.Moved())).Where(moved => moved.Write is not null).Select(moved => (moved.Shard, moved.Write!));

    public async ValueTask DisposeAsync()
    {
        foreach (var shard in shards.Values)
        {
            await shard.DisposeAsync();
        }
    }

    // Entries of one item follow each other from a shard to its children, and from a table's stream to the one that was made after it. What came by another way
    // than a shard goes first: it waits for nothing.
    private List<ServedShard> Readable()
    {
        var byStream = shards.Values.ToLookup(shard => shard.Row.Stream);
        var streams = byStream.GroupBy(stream => (stream.Key.Region, stream.Key.Account, stream.Key.Table));
        return [.. streams.SelectMany(table => table.OrderBy(stream => stream.Key.Label, StringComparer.Ordinal)
            .Aggregate((Open: true, Found: new List<ServedShard>()), (state, stream) =>
            {
                if (state.Open)
                {
                    state.Found.AddRange(stream.Where(shard => shard.HasMore && IsParentReadOut(shard)));
                }

                return (state.Open && stream.All(shard => !shard.HasMore), state.Found);
            }).Found)
            .OrderBy(shard => shard.Row.IsOfStream).ThenBy(shard => shard.Row.Progress.Shard.Value, StringComparer.Ordinal)];
    }

    private bool IsParentReadOut(ServedShard shard) => shard.Row.Progress.Parent is not { } parent
        || !shards.TryGetValue($"{SinkNotes.Cursors}{shard.Row.Stream}/{parent}", out var known) || known.IsReadOut;
}
