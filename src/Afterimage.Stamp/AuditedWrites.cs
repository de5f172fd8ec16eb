using System.Globalization;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

namespace Afterimage.Stamp;

/// <summary>Reads, decides and commits, again and again until nobody came in between.</summary>
internal sealed class AuditedWrites(IAmazonDynamoDB client, AuditedPlaces places, StampOptions options)
{
    // With waits that grow to a second: half a minute of nothing but rivals.
    private const int AttemptsMax = 40;

    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    // Rivals, and DynamoDB asking for patience. Anything else is the caller's matter (API reference, TransactWriteItems).
    private static readonly HashSet<string> Passing =
        ["None", "ConditionalCheckFailed", "TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"];

    private readonly Stamper stamper = new(options);
    private readonly Func<TransactWriteItemsRequest, CancellationToken, Task<TransactWriteItemsResponse>> send =
        client is StampedDynamoDBClient stamped ? stamped.TransactWritePlainAsync : client.TransactWriteItemsAsync;

    /// <summary>Writes what an item is to be.</summary>
    /// <param name="keyed">The item's key, among whatever else.</param>
    /// <param name="change">What it is to be; null for as it is.</param>
    /// <param name="ct">Gives up.</param>
    public async Task<AuditedWrite?> WriteAsync(
        Dictionary<string, AttributeValue> keyed, Func<Dictionary<string, AttributeValue>?, Dictionary<string, AttributeValue>?> change, CancellationToken ct)
    {
        var author = Author();
        var place = await places.FindAsync(ct);
        var key = Plain(place.KeyOf(keyed));
        AuditedChange? tried = null;
        for (var attempt = 0; ; attempt++)
        {
            var read = await ReadAsync(place, key, ct);
            if (tried is not null && read.Last == tried.Name)
            {
                return Done(tried);
            }

            if (change(read.Image is null ? null : ItemCopy.Of(read.Image)) is not { } wanted)
            {
                return null;
            }

            tried = Intended(place, key, read, wanted, Stamp(author, place, key, deletes: false));
            if (await TryAsync(place, tried, attempt, ct))
            {
                return Done(tried);
            }
        }
    }

    /// <summary>Deletes an item: first it is marked, since a delete has nowhere to say who makes it.</summary>
    public async Task<AuditedWrite?> DeleteAsync(Dictionary<string, AttributeValue> keyed, CancellationToken ct)
    {
        var author = Author();
        var place = await places.FindAsync(ct);
        var key = Plain(place.KeyOf(keyed));
        AuditedChange? tried = null;
        for (var attempt = 0; ; attempt++)
        {
            var read = await ReadAsync(place, key, ct);
            if (tried is { After: null } && read.Last == tried.Name)
            {
                return Done(tried);
            }

            if (read.Image is null)
            {
                return null;
            }

            // A mark of this very call that stands is as good as a new one: the answer to it was lost.
            var isMarked = tried is { After: not null } && read.Last == tried.Name && StampValue.NonceOf(read.Image, stamper.Attribute) == tried.Stamp.Nonce;
            var mark = isMarked ? tried! : Intended(place, key, read, ItemCopy.Of(read.Image), Stamp(author, place, key, deletes: true));
            tried = mark;
            if (!isMarked && !await TryAsync(place, mark, attempt, ct))
            {
                continue;
            }

            tried = new AuditedChange(mark.Key, new ReadItem(mark.After, mark.Read.Number + 1, mark.Name), null, mark.Stamp);
            if (await TryAsync(place, tried, attempt, ct))
            {
                return Done(tried);
            }
        }
    }

    private static AuditedWrite Done(AuditedChange change) => new(change.Stamp.Nonce, change.Read.Image, change.After);

    private Author Author() => stamper.CurrentAuthor() ?? new Author(service: options.Service);

    private StampValue Stamp(Author author, AuditedPlace place, Dictionary<string, AttributeValue> key, bool deletes) =>
        (stamper.New(author, place.Table, key, deletes) ?? throw new AuditedWriteException($"A key of {place.Table} is a string, a number or binary.")) with { InTransaction = true };

    // The number first: if somebody writes between the two reads, the number is no more what it was.
    private async Task<ReadItem> ReadAsync(AuditedPlace place, Dictionary<string, AttributeValue> key, CancellationToken ct)
    {
        var hash = ItemHash.Of(place.Table, key) ?? throw new AuditedWriteException($"A key of {place.Table} is a string, a number or binary.");
        var counter = (await client.GetItemAsync(new GetItemRequest { TableName = place.Trail, Key = IntentForm.Counter(place.Table, hash), ConsistentRead = true }, ct)).Item;
        var item = (await client.GetItemAsync(new GetItemRequest { TableName = place.Table, Key = key, ConsistentRead = true }, ct)).Item;
        var number = counter?.GetValueOrDefault("number")?.N is { } text ? long.Parse(text, CultureInfo.InvariantCulture) : 0;
        return new ReadItem(item is { Count: > 0 } ? item : null, number, counter?.GetValueOrDefault("last")?.S);
    }

    // A key stays as DynamoDB has it, however its number was written here.
    private AuditedChange Intended(AuditedPlace place, Dictionary<string, AttributeValue> key, ReadItem read, Dictionary<string, AttributeValue> wanted, StampValue stamp)
    {
        if (ItemHash.Of(place.Table, place.KeyOf(wanted)) != stamp.Item)
        {
            throw new AuditedWriteException($"The key of an item of {place.Table} was changed. An item with another key is another item: put it and delete this one.");
        }

        var stays = read.Image is null ? key : place.KeyOf(read.Image);
        var after = new Dictionary<string, AttributeValue>(wanted, StringComparer.Ordinal) { [stamper.Attribute] = stamp.ToAttribute() };
        foreach (var (name, value) in stays)
        {
            after[name] = value;
        }

        return new AuditedChange(stays, read, after, stamp);
    }

    // Whether the change was committed. If somebody came in between it was not, and after a wait the item is to be read again.
    private async Task<bool> TryAsync(AuditedPlace place, AuditedChange change, int attempt, CancellationToken ct)
    {
        if (IntentTransaction.Problem(change) is { } problem)
        {
            throw new AuditedWriteException($"{place.Table}: {problem}");
        }

        try
        {
            await send(IntentTransaction.Of(place, change, options.Time.GetUtcNow()), ct);
            return true;
        }
        catch (TransactionCanceledException e) when (e.CancellationReasons is { Count: > 0 } reasons && reasons.TrueForAll(reason => Passing.Contains(reason.Code)))
        {
            if (attempt >= AttemptsMax)
            {
                throw new AuditedWriteException($"{place.Table}: others wrote the item, or its table took no more, at each of {AttemptsMax} attempts. Nothing was written; try again later.", e);
            }
        }
        catch (TransactionInProgressException) when (attempt < AttemptsMax)
        {
            // The SDK repeated the request while the first one was still on its way: whether it came to be is seen from the number.
        }

        await Task.Delay(Wait(attempt), options.Time, ct);
        return false;
    }

    private TimeSpan Wait(int attempt)
    {
        var drawn = new byte[2];
        options.Nonces(drawn);
        var longest = Math.Min(LongestWait.TotalMilliseconds, FirstWait.TotalMilliseconds * Math.Pow(2, Math.Min(attempt, 10)));
        return TimeSpan.FromMilliseconds(longest * BitConverter.ToUInt16(drawn) / ushort.MaxValue);
    }

    private static Dictionary<string, AttributeValue> Plain(Dictionary<string, AttributeValue> key) => key.ToDictionary(
        attribute => attribute.Key, attribute => attribute.Value?.N is { } number ? new AttributeValue { N = NumberForm.Plain(number) ?? number } : attribute.Value!, StringComparer.Ordinal);
}
