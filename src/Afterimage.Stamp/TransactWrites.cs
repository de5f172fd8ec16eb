using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

namespace Afterimage.Stamp;

/// <summary>Transactions: puts and updates are stamped within them; a delete cannot be, and is marked before where the options say so.</summary>
internal sealed class TransactWrites(StampOptions options, Stamper stamper, TableKeys keys, DeleteMarks marks, DynamoCalls calls)
{
    private const string Operation = "TransactWriteItems";

    private readonly TransactionTokens tokens = new(options.Time);

    public async Task<TransactWriteItemsResponse> WriteAsync(TransactWriteItemsRequest given, CancellationToken ct)
    {
        var author = stamper.CurrentAuthor();
        if (author is null || given.TransactItems is null)
        {
            return await calls.TransactWrite(given, ct);
        }

        var stamped = await StampedAsync(given, author, ct);
        var deletes = given.TransactItems.Where(item => item.Delete is { Key.Count: > 0 } delete && !stamper.LeavesOut(delete.TableName)).Select(item => item.Delete).ToList();
        var placed = new List<Mark>();
        try
        {
            if (options is { MarkBeforeTransactions: true, Deletes: DeleteStamps.Mark })
            {
                await MarkAsync(deletes, author, placed, ct);
            }

            var response = await ItemWrites.SendAsync(Operation, given, stamped, calls.TransactWrite, ct);
            if (deletes.Count > placed.Count)
            {
                Tallies.Unstamped(Operation, Reasons.Transaction, deletes.Count - placed.Count);
            }

            return response;
        }
        catch
        {
            await Task.WhenAll(placed.Select(marks.TakeOffAsync));
            throw;
        }
    }

    private async Task<TransactWriteItemsRequest> StampedAsync(TransactWriteItemsRequest given, Author author, CancellationToken ct)
    {
        var token = string.IsNullOrEmpty(given.ClientRequestToken) ? null : given.ClientRequestToken;
        var first = token is null ? (Author: author, Time: options.Time.GetUtcNow()) : tokens.First(token, author);
        var request = Copy.Of(given);
        request.TransactItems = [];
        foreach (var item in given.TransactItems)
        {
            var (table, key) = item switch
            {
                { Put: { } put } when !stamper.LeavesOut(put.TableName) => (put.TableName, await keys.KeyOfAsync(put.TableName, put.Item, ct)),
                { Update: { } update } when !stamper.LeavesOut(update.TableName) => (update.TableName, update.Key),
                _ => (null, null),
            };
            var nonce = token is null ? null : TransactionTokens.Nonce(token, request.TransactItems.Count);
            var stamp = table is null || key is null ? null : stamper.Of(first.Author, first.Time, nonce, table, key);
            request.TransactItems.Add(stamp is null ? item : With(item, stamp.ToAttribute()));
        }

        return request;
    }

    private TransactWriteItem With(TransactWriteItem given, AttributeValue stamp)
    {
        var item = Copy.Of(given);
        item.Put = given.Put is null ? null : StampedForms.Put(given.Put, stamper.Attribute, stamp);
        item.Update = given.Update is null ? null : StampedForms.Update(given.Update, stamper.Attribute, stamp);
        return item;
    }

    /// <summary>Marks what the transaction deletes. Where an item is not there or its condition fails, the transaction itself says so.</summary>
    private async Task MarkAsync(IEnumerable<Delete> deletes, Author author, List<Mark> placed, CancellationToken ct)
    {
        foreach (var delete in deletes)
        {
            var condition = DeleteCondition.Of(delete.ConditionExpression, delete.ExpressionAttributeNames, delete.ExpressionAttributeValues);
            var request = new DeleteItemRequest { TableName = delete.TableName, Key = delete.Key };
            try
            {
                if (stamper.New(author, delete.TableName, delete.Key, deletes: true) is { } stamp
                    && await marks.PlaceAsync(request, condition, stamp, ct) is MarkAnswer.Placed answer)
                {
                    placed.Add(answer.Mark);
                }
            }
            catch (AmazonDynamoDBException e) when (ItemWrites.IsInvalid(e))
            {
                // No room for the mark, or a mistake that the transaction is refused for: it goes without, and is counted.
            }
        }
    }
}
