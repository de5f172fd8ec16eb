using System.Net;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.Runtime;

namespace Afterimage.Stamp;

/// <summary>Marks on items that are about to be deleted: they say who does it, since a delete has nowhere to say it.</summary>
internal sealed class DeleteMarks(Stamper stamper, DynamoCalls calls, TimeProvider time)
{
    // The caller waits for it, and what it waits for has failed already.
    private static readonly TimeSpan TakeOffMax = TimeSpan.FromSeconds(5);

    /// <summary>Marks the item, on the condition on which it is to be deleted.</summary>
    public async Task<MarkAnswer> PlaceAsync(DeleteItemRequest delete, DeleteCondition condition, StampValue stamp, CancellationToken ct)
    {
        var mark = new Mark(delete.TableName, delete.Key, stamp.Nonce, Previous: null);
        var on = condition.AndItem(exists: true, delete.Key.Keys.First());
        try
        {
            var request = Setting(mark, on, stamp.ToAttribute());
            request.ReturnConsumedCapacity = delete.ReturnConsumedCapacity;
            request.ReturnValues = ReturnValue.UPDATED_OLD;
            request.ReturnValuesOnConditionCheckFailure = ReturnValuesOnConditionCheckFailure.ALL_OLD;
            var answer = await calls.Update(request, ct);

            // A repeat by the SDK of a request that had arrived finds the mark itself.
            var previous = StampValue.NonceOf(answer.Attributes, stamper.Attribute) == stamp.Nonce ? null : answer.Attributes?.GetValueOrDefault(stamper.Attribute);
            return new MarkAnswer.Placed(mark with { Previous = previous }, answer.ConsumedCapacity);
        }
        catch (ConditionalCheckFailedException e)
        {
            return e.Item is { Count: > 0 } ? new MarkAnswer.Refused(e) : new MarkAnswer.Absent();
        }
        catch (Exception e) when (MayHaveArrived(e))
        {
            await TakeOffAsync(mark);
            throw;
        }
    }

    /// <summary>Takes a mark off again, unless somebody wrote the item since; what stood in its place is put back.</summary>
    public async Task TakeOffAsync(Mark mark)
    {
        // Not on the caller's token: it may be what ended the delete.
        using var limit = new CancellationTokenSource(TakeOffMax, time);
        try
        {
            await calls.Update(Setting(mark, DeleteCondition.Of(null, null, null).AndNonce(stamper.Attribute, mark.Nonce), mark.Previous), limit.Token);
        }
        catch (ConditionalCheckFailedException)
        {
            // The mark does not stand any more, which is what is wanted.
        }
        catch (Exception e) when (e is AmazonServiceException or AmazonClientException or HttpRequestException or IOException or OperationCanceledException)
        {
            // The caller sees what made the delete fail. The mark counts for a minute at most, and the meter tells of it.
            Tallies.MarkLeft();
        }
    }

    private UpdateItemRequest Setting(Mark mark, DeleteCondition condition, AttributeValue? stamp)
    {
        var stem = condition.FreeStem();
        var names = new Dictionary<string, string>(condition.Names, StringComparer.Ordinal) { [$"#{stem}"] = stamper.Attribute };
        var values = new Dictionary<string, AttributeValue>(condition.Values, StringComparer.Ordinal);
        if (stamp is not null)
        {
            values[$":{stem}"] = stamp;
        }

        return new UpdateItemRequest
        {
            TableName = mark.Table,
            Key = mark.Key,
            UpdateExpression = stamp is null ? $"REMOVE #{stem}" : $"SET #{stem} = :{stem}",
            ConditionExpression = condition.Text,
            ExpressionAttributeNames = names,
            ExpressionAttributeValues = values.Count == 0 ? null : values,
        };
    }

    /// <summary>What DynamoDB answered with a refusal was not done; of everything else nobody knows.</summary>
    private static bool MayHaveArrived(Exception e) =>
        e is not AmazonServiceException { StatusCode: >= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError };
}

/// <summary>A mark that stands on an item, and the stamp that stood there before.</summary>
internal sealed record Mark(string Table, Dictionary<string, AttributeValue> Key, string Nonce, AttributeValue? Previous);

/// <summary>What came of marking an item.</summary>
internal abstract record MarkAnswer
{
    private MarkAnswer()
    {
    }

    /// <summary>The mark stands.</summary>
    internal sealed record Placed(Mark Mark, ConsumedCapacity? Consumed) : MarkAnswer;

    /// <summary>There is no such item.</summary>
    internal sealed record Absent : MarkAnswer;

    /// <summary>The item does not fulfil the caller's own condition.</summary>
    internal sealed record Refused(ConditionalCheckFailedException Failure) : MarkAnswer;
}
