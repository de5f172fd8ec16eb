using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

namespace Afterimage.Stamp;

/// <summary>Batches: puts are stamped within them, and each delete becomes one of its own, since a batch takes no conditions.</summary>
internal sealed class BatchWrites(StampOptions options, Stamper stamper, TableKeys keys, MarkedDeletes deletes, DynamoCalls calls)
{
    private const string Operation = "BatchWriteItem";

    // DynamoDB's limit; what is beyond is refused by it as a whole.
    private const int WritesMax = 25;
    private const int DeletesAtOnce = 4;

    public async Task<BatchWriteItemResponse> WriteAsync(BatchWriteItemRequest given, CancellationToken ct)
    {
        var author = stamper.CurrentAuthor();
        if (author is null || given.RequestItems is not { Count: > 0 })
        {
            return await calls.BatchWrite(given, ct);
        }

        if (await PlanAsync(given, author, ct) is not { } plan)
        {
            return await ItemWrites.SendAsync(Operation, given, null, calls.BatchWrite, ct);
        }

        var response = plan.Stamped.Count == 0
            ? null
            : await ItemWrites.SendAsync(Operation, With(given, plan.Given), With(given, plan.Stamped), calls.BatchWrite, ct);
        return plan.Deletes.Count == 0
            ? response!
            : BatchAnswer.Of(response, await DeleteAllAsync(plan.Deletes, author, given, ct));
    }

    /// <summary>What goes where; null where DynamoDB refuses the batch as a whole, which it must not do after half of it was written.</summary>
    private async Task<BatchPlan?> PlanAsync(BatchWriteItemRequest given, Author author, CancellationToken ct)
    {
        var plan = new BatchPlan();
        var items = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (table, writes) in given.RequestItems)
        {
            foreach (var write in writes ?? [])
            {
                var key = write switch
                {
                    { PutRequest: { } put, DeleteRequest: null } => await keys.KeyOfAsync(table, put.Item, ct),
                    { PutRequest: null, DeleteRequest: { } delete } => delete.Key,
                    _ => null,
                };
                if (key is null || stamper.New(author, table, key) is not { } stamp || !items.Add(stamp.Item) || items.Count > WritesMax)
                {
                    return null;
                }

                Place(plan, table, write, stamp);
            }
        }

        return items.Count == 0 ? null : plan;
    }

    private void Place(BatchPlan plan, string table, WriteRequest write, StampValue stamp)
    {
        if (write.DeleteRequest is not null && options.Deletes == DeleteStamps.Mark && !stamper.LeavesOut(table))
        {
            plan.Deletes.Add((table, write));
            return;
        }

        var stamped = write.PutRequest is null || stamper.LeavesOut(table)
            ? write
            : new WriteRequest(new PutRequest(StampedForms.Item(write.PutRequest.Item, stamper.Attribute, stamp.ToAttribute())));
        Add(plan.Given, table, write);
        Add(plan.Stamped, table, stamped);
    }

    private async Task<IReadOnlyList<SingleDelete>> DeleteAllAsync(
        List<(string Table, WriteRequest Write)> all, Author author, BatchWriteItemRequest given, CancellationToken ct)
    {
        var done = new SingleDelete[all.Count];
        await Parallel.ForEachAsync(
            Enumerable.Range(0, all.Count),
            new ParallelOptions { MaxDegreeOfParallelism = DeletesAtOnce, CancellationToken = ct },
            async (at, stop) =>
            {
                var (table, write) = all[at];
                var request = new DeleteItemRequest
                {
                    TableName = table,
                    Key = write.DeleteRequest.Key,
                    ReturnConsumedCapacity = given.ReturnConsumedCapacity,
                    ReturnItemCollectionMetrics = given.ReturnItemCollectionMetrics,
                };
                try
                {
                    done[at] = new SingleDelete(table, write, await deletes.DeleteAsync(request, author, stop), null);
                }
                catch (AmazonDynamoDBException e) when (BatchAnswer.IsPutOff(e))
                {
                    done[at] = new SingleDelete(table, write, null, e);
                }
            });
        return done;
    }

    private static BatchWriteItemRequest With(BatchWriteItemRequest given, Dictionary<string, List<WriteRequest>> writes)
    {
        var request = Copy.Of(given);
        request.RequestItems = writes;
        return request;
    }

    private static void Add(Dictionary<string, List<WriteRequest>> writes, string table, WriteRequest write)
    {
        if (!writes.TryGetValue(table, out var ofTable))
        {
            writes[table] = ofTable = [];
        }

        ofTable.Add(write);
    }

    /// <summary>The batch without its deletes, as the caller gave it and stamped; and the deletes.</summary>
    private sealed class BatchPlan
    {
        public Dictionary<string, List<WriteRequest>> Given { get; } = new(StringComparer.Ordinal);

        public Dictionary<string, List<WriteRequest>> Stamped { get; } = new(StringComparer.Ordinal);

        public List<(string Table, WriteRequest Write)> Deletes { get; } = [];
    }
}
