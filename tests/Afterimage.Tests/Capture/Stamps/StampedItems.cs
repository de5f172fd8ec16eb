using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Afterimage.Entries;

namespace Afterimage.Tests.Capture.Stamps;

/// <summary>
/// A few items of a table whose writers stamp, or do not, or copy, delete and die in the middle of it: the records that its stream would deliver, and for each what its
/// writer knows of it.
/// </summary>
/// <param name="random">Chooses.</param>
/// <param name="start">When it begins.</param>
/// <param name="prefix">What the ids of its items begin with.</param>
/// <param name="attribute">The attribute that the stamps are in.</param>
internal sealed class StampedItems(Random random, DateTimeOffset start, string prefix = "", string attribute = WriterStamp.Attribute)
{
    private static readonly TimeSpan MarkLife = TimeSpan.FromSeconds(60);

    private readonly Dictionary<string, AttributeMap?> items = [];
    private readonly Dictionary<string, List<AttributeMap>> past = [];
    private readonly HashSet<string> usedMarks = [];
    private DateTimeOffset now = start;
    private long sequence = 1_000;

    /// <summary>What was written so far.</summary>
    public List<StampedChange> Changes { get; } = [];

    /// <summary>Lets time pass.</summary>
    public void Wait(TimeSpan time) => now += time;

    /// <summary>A stamped put or update.</summary>
    public void Write(string id, string actor) => Set(id, With(Content(id), attribute, NewStamp(id, actor)), new(EntryKind.Change, ActorSource.Stamp, actor));

    /// <summary>An update by somebody who stamps nothing: the last stamp stays where it is.</summary>
    public void UpdateUnstamped(string id) => Set(
        id, items.GetValueOrDefault(id) is { } item ? With(item, "n", AttributeValue.Number($"{++sequence}")) : Content(id), Told.Unknown);

    /// <summary>A put by somebody who stamps nothing.</summary>
    public void PutUnstamped(string id) => Set(id, Content(id), Told.Unknown);

    /// <summary>An older state of the item is written back as it was.</summary>
    public void CopyBack(string id)
    {
        if (past.TryGetValue(id, out var states))
        {
            Set(id, states[random.Next(states.Count)], Told.Unknown);
        }
    }

    /// <summary>An item is written under another key as it is.</summary>
    public void Clone(string from, string to)
    {
        if (from != to && items.GetValueOrDefault(from) is { } item)
        {
            Set(to, With(item, "id", AttributeValue.String(to)), Told.Unknown);
        }
    }

    /// <summary>A stamped delete: the mark, then the delete.</summary>
    /// <param name="id">The item.</param>
    /// <param name="actor">Who deletes.</param>
    /// <param name="between">What others do in between.</param>
    public void Delete(string id, string actor, Action? between = null)
    {
        if (items.GetValueOrDefault(id) is null)
        {
            return;
        }

        Mark(id, actor);
        var nonce = WriterStamp.Find(items[id], attribute)!.Nonce;
        between?.Invoke();
        if (WriterStamp.Find(items.GetValueOrDefault(id), attribute)?.Nonce == nonce)
        {
            Remove(id, new(EntryKind.Change, ActorSource.DeleteMark, actor));
        }
    }

    /// <summary>A stamped delete whose writer dies before it deletes.</summary>
    public void Mark(string id, string actor)
    {
        if (items.GetValueOrDefault(id) is { } item)
        {
            Set(id, With(item, attribute, NewStamp(id, actor, deletes: true)), new(EntryKind.Mark, ActorSource.Stamp, actor));
        }
    }

    /// <summary>A delete by somebody who stamps nothing. What was marked a moment before is taken for the marker's: that much is said to be uncertain.</summary>
    public void DeleteUnstamped(string id)
    {
        var mark = WriterStamp.Find(items.GetValueOrDefault(id), attribute);
        var isUncertain = mark is { Deletes: true } && now - mark.Time <= MarkLife && mark.Item == StampedItem.Hash("Orders", KeyOf(id)) && !usedMarks.Contains(mark.Nonce);
        Remove(id, isUncertain ? Told.Unknown with { OrElse = mark!.Writer.Id } : Told.Unknown);
    }

    /// <summary>DynamoDB deletes it.</summary>
    public void Expire(string id) => Remove(id, new(EntryKind.Change, ActorSource.TimeToLive, "dynamodb.amazonaws.com"));

    /// <summary>Something of all that, to one of a few items.</summary>
    public void DoSomething()
    {
        string[] ids = [$"{prefix}a", $"{prefix}b", $"{prefix}c"];
        string[] actors = ["alice", "bob"];
        var (id, other, actor) = (ids[random.Next(3)], ids[random.Next(3)], actors[random.Next(2)]);
        Action[] acts =
        [
            () => Write(id, actor), () => Write(id, actor), () => UpdateUnstamped(id), () => PutUnstamped(id), () => CopyBack(id), () => CopyBack(id), () => Clone(other, id),
            () => Delete(id, actor), () => Delete(id, actor, () => UpdateUnstamped(id)), () => Delete(id, actor, () => CopyBack(id)), () => Mark(id, actor),
            () => DeleteUnstamped(id), () => DeleteUnstamped(id), () => Expire(id),
            () => Wait(TimeSpan.FromSeconds(random.Next(50))), () => Wait(TimeSpan.FromMinutes(random.Next(20))),
        ];
        acts[random.Next(acts.Length)]();
    }

    private static AttributeMap KeyOf(string id) => new([new("id", AttributeValue.String(id))]);

    private static AttributeMap With(AttributeMap item, string name, AttributeValue value) => new([.. item.Where(member => member.Key != name), new(name, value)]);

    private AttributeMap Content(string id) => new([new("id", AttributeValue.String(id)), new("n", AttributeValue.Number($"{++sequence}"))]);

    private AttributeValue NewStamp(string id, string actor, bool deletes = false)
    {
        var nonce = new byte[16];
        random.NextBytes(nonce);
        var time = now.AddMilliseconds(random.Next(-2_000, 2_000)).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        return AttributeValue.Map(new(
        [
            new("v", AttributeValue.Number("1")),
            new("actor", AttributeValue.String(actor)),
            new("service", AttributeValue.String("orders-api")),
            new("time", AttributeValue.String(time)),
            new("nonce", AttributeValue.String(Base64Url.EncodeToString(nonce))),
            new("item", AttributeValue.String(StampedItem.Hash("Orders", KeyOf(id)))),
            .. deletes ? [new("deletes", AttributeValue.Boolean(true))] : (KeyValuePair<string, AttributeValue>[])[],
        ]));
    }

    private void Set(string id, AttributeMap after, Told told)
    {
        var before = items.GetValueOrDefault(id);
        if (before?.Equals(after) == true)
        {
            return;
        }

        items[id] = after;
        (past.TryGetValue(id, out var states) ? states : past[id] = []).Add(after);
        Add(before is null ? "INSERT" : "MODIFY", id, before, after, told);
    }

    private void Remove(string id, Told told)
    {
        if (items.GetValueOrDefault(id) is not { } before)
        {
            return;
        }

        items[id] = null;
        if (WriterStamp.Find(before, attribute) is { Deletes: true } mark && mark.Item == StampedItem.Hash("Orders", KeyOf(id)))
        {
            usedMarks.Add(mark.Nonce);
        }

        Add("REMOVE", id, before, null, told);
    }

    private void Add(string name, string id, AttributeMap? before, AttributeMap? after, Told told)
    {
        now += TimeSpan.FromMilliseconds(random.Next(700));
        var images = (before is null ? string.Empty : $",\"OldImage\":{Json(before)}") + (after is null ? string.Empty : $",\"NewImage\":{Json(after)}");
        var identity = told.Source == ActorSource.TimeToLive ? ",\"userIdentity\":{\"type\":\"Service\",\"principalId\":\"dynamodb.amazonaws.com\"}" : string.Empty;
        var number = ++sequence;
        Changes.Add(new StampedChange(
            number,
            Encoding.UTF8.GetBytes(string.Create(
                CultureInfo.InvariantCulture,
                $$$"""
                {"eventID":"e{{{number}}}","eventName":"{{{name}}}","eventVersion":"1.1","eventSource":"aws:dynamodb","awsRegion":"us-east-1"{{{identity}}},"dynamodb":{"ApproximateCreationDateTime":{{{now.ToUnixTimeSeconds()}}},"Keys":{{{Json(KeyOf(id))}}}{{{images}}},"SequenceNumber":"{{{number}}}","SizeBytes":99,"StreamViewType":"NEW_AND_OLD_IMAGES"} }
                """)),
            told));
    }

    private static string Json(AttributeMap map) => Encoding.UTF8.GetString(DynamoDbJson.ToUtf8(AttributeValue.Map(map)))[5..^1];
}

/// <summary>A change, and what its writer knows of it.</summary>
internal sealed record StampedChange(long Sequence, byte[] Record, Told Told);

/// <summary>What an entry must say of who made a change.</summary>
/// <param name="Kind">What it stands for.</param>
/// <param name="Source">How the actor is known.</param>
/// <param name="Actor">Who.</param>
internal sealed record Told(EntryKind Kind, ActorSource Source, string? Actor)
{
    public static Told Unknown { get; } = new(EntryKind.Change, ActorSource.Unknown, null);

    /// <summary>Whom it may name instead.</summary>
    public string? OrElse { get; init; }
}
