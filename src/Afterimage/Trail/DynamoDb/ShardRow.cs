using System.Globalization;
using Afterimage.Proof;
using Afterimage.Streams.Leases;
using Afterimage.Streams.Records;
using Afterimage.Streams.Shards;
using Afterimage.Trail.DynamoDb.Table;

namespace Afterimage.Trail.DynamoDb;

/// <summary>The row of a shard: the only judge of what the trail holds of it.</summary>
/// <param name="Shard">What everybody may know of it.</param>
/// <param name="Runs">Which claims hold which places.</param>
/// <param name="Digest">What the last append was, so that its repeat is known again; null before the first.</param>
/// <param name="Fence">Rises when appends that may still be on their way must come to nothing.</param>
/// <param name="Owner">Who took it last; null where it was given back, or never taken.</param>
internal sealed record ShardRow(TrailShard Shard, IReadOnlyList<Run> Runs, string? Digest, long Fence, WorkerId? Owner)
{
    /// <summary>The tree as the log knows it.</summary>
    public TreeState Sealed { get; init; } = TreeState.Empty;

    /// <summary>The claim for whose sake the fence rose last; null where it never did.</summary>
    public string? FencedBy { get; init; }

    /// <summary>The text of the rules that were last said to be in force in it; null where none were.</summary>
    public string? SealedRules { get; init; }

    /// <summary>Whether the trail holds what was written for a place under a claim. What was written under any other was never committed.</summary>
    public bool Holds(long place, string claim) => place >= 0 && place < Shard.Progress.Size && ClaimAt(place) == claim;

    /// <summary>The claim under which a place was committed; null where none was.</summary>
    public string? ClaimAt(long place)
    {
        for (var at = Runs.Count - 1; at >= 0; at--)
        {
            if (Runs[at].From <= place)
            {
                return Runs[at].Claim;
            }
        }

        return null;
    }

    /// <summary>A row as it is kept.</summary>
    /// <exception cref="FormatException">It is not one.</exception>
    public static ShardRow Read(StreamArn stream, Item item) => new(
        new TrailShard(
            stream,
            new ShardProgress(
                new ShardId(item.Key.Sort),
                item.TextOrNull("parent") is { } parent ? new ShardId(parent) : null,
                item.TextOrNull("last") is { } last ? new SequenceNumber(last) : null,
                item.IntegerOrNull("size") ?? 0,
                item.Flag("finished"))
            {
                GapFoundAt = Cell.Moment(item.TextOrNull("gapFoundAt")),
                ReadThrough = Cell.Moment(item.TextOrNull("readThrough")),
                Epoch = item.IntegerOrNull("epoch") ?? 0,
            },
            Tree(item, "tree"),
            item.IntegerOrNull("entries") ?? 0,
            Cell.Moment(item.TextOrNull("lastEntryTime"))),
        [.. item.Texts("runs").Select(Run.Read)],
        item.TextOrNull("digest"),
        item.IntegerOrNull("fence") ?? 0,
        item.TextOrNull("owner") is { } owner ? new WorkerId(owner) : null)
    {
        Sealed = Tree(item, "sealed"),
        SealedRules = item.TextOrNull("sealedRules"),
        FencedBy = item.TextOrNull("fencedBy"),
    };

    private static TreeState Tree(Item item, string attribute) => item.BytesOrNull(attribute) is { } tree ? TreeState.Read(tree) : TreeState.Empty;
}

/// <summary>Places that were committed under one claim, up to where the next run begins.</summary>
/// <param name="From">The first of them.</param>
/// <param name="Claim">Whoever wrote them: an epoch of the shard's lease, the writing process, and its attempt.</param>
internal sealed record Run(long From, string Claim)
{
    public static Run Read(string text)
    {
        var space = text.IndexOf(' ', StringComparison.Ordinal);
        return space > 0 && long.TryParse(text[..space], NumberStyles.None, CultureInfo.InvariantCulture, out var from)
            ? new Run(from, text[(space + 1)..])
            : throw new FormatException($"'{text}' is not a run of places.");
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{From} {Claim}");
}
