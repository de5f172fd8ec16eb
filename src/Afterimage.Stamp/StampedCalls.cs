using Amazon.DynamoDBv2.Model;

namespace Afterimage.Stamp;

/// <summary>The calls that write, with stamps going in and none coming out.</summary>
internal sealed class StampedCalls
{
    private readonly DynamoCalls calls;
    private readonly Stamper stamper;
    private readonly ItemWrites items;
    private readonly MarkedDeletes deletes;
    private readonly BatchWrites batches;
    private readonly TransactWrites transactions;

    public StampedCalls(StampOptions options, DynamoCalls calls)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(options.AttributeName);
        this.calls = calls;
        var keys = new TableKeys(options, calls);
        stamper = new Stamper(options);
        var marks = new DeleteMarks(stamper, calls, options.Time);
        items = new ItemWrites(stamper, keys, calls);
        deletes = new MarkedDeletes(options, stamper, marks, calls);
        batches = new BatchWrites(options, stamper, keys, deletes, calls);
        transactions = new TransactWrites(options, stamper, keys, marks, calls);
    }

    public async Task<PutItemResponse> PutAsync(PutItemRequest request, CancellationToken ct)
    {
        if (stamper.LeavesOut(request?.TableName))
        {
            return await calls.Put(request!, ct);
        }

        var response = await StrippedAsync(items.PutAsync(request!, ct));
        response.Attributes = Returned.Without(stamper.Attribute, response.Attributes);
        return response;
    }

    public async Task<UpdateItemResponse> UpdateAsync(UpdateItemRequest request, CancellationToken ct)
    {
        if (stamper.LeavesOut(request?.TableName))
        {
            return await calls.Update(request!, ct);
        }

        var response = await StrippedAsync(items.UpdateAsync(request!, ct));
        response.Attributes = Returned.Without(stamper.Attribute, response.Attributes);
        return response;
    }

    public async Task<DeleteItemResponse> DeleteAsync(DeleteItemRequest request, CancellationToken ct)
    {
        if (stamper.LeavesOut(request?.TableName))
        {
            return await calls.Delete(request!, ct);
        }

        var response = await StrippedAsync(deletes.DeleteAsync(request!, stamper.CurrentAuthor(), ct));
        response.Attributes = Returned.Without(stamper.Attribute, response.Attributes);
        return response;
    }

    public async Task<BatchWriteItemResponse> BatchWriteAsync(BatchWriteItemRequest request, CancellationToken ct)
    {
        if (request?.RequestItems is null || request.RequestItems.Keys.All(stamper.LeavesOut))
        {
            return await calls.BatchWrite(request!, ct);
        }

        var response = await batches.WriteAsync(request, ct);
        Returned.Strip(stamper, response.UnprocessedItems);
        return response;
    }

    public async Task<TransactWriteItemsResponse> TransactWriteAsync(TransactWriteItemsRequest request, CancellationToken ct)
    {
        if (request?.TransactItems is null || request.TransactItems.All(write => stamper.LeavesOut(Returned.TableOf(write))))
        {
            return await calls.TransactWrite(request!, ct);
        }

        try
        {
            return await transactions.WriteAsync(request, ct);
        }
        catch (TransactionCanceledException e)
        {
            Returned.Strip(stamper, request.TransactItems, e.CancellationReasons);
            throw;
        }
    }

    private async Task<TResponse> StrippedAsync<TResponse>(Task<TResponse> call)
    {
        try
        {
            return await call;
        }
        catch (ConditionalCheckFailedException e)
        {
            e.Item = Returned.Without(stamper.Attribute, e.Item);
            throw;
        }
    }
}
