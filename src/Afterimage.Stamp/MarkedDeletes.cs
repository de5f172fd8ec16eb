using System.Runtime.ExceptionServices;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

namespace Afterimage.Stamp;

/// <summary>Deletes that say who made them: the item is marked, then deleted on condition that the mark still stands.</summary>
internal sealed class MarkedDeletes(StampOptions options, Stamper stamper, DeleteMarks marks, DynamoCalls calls)
{
    // Each round is lost to another writer of the same item only.
    private const int RoundsMax = 5;

    public async Task<DeleteItemResponse> DeleteAsync(DeleteItemRequest given, Author? author, CancellationToken ct)
    {
        if (author is null || options.Deletes == DeleteStamps.Plain)
        {
            return await calls.Delete(given, ct);
        }

        // A key that is none and values that a delete cannot return are refused by DynamoDB, and nothing should be marked for it.
        var isValid = given.Key is { Count: > 0 } && ItemHash.Of(given.TableName, given.Key) is not null
            && (given.ReturnValues is null || given.ReturnValues == ReturnValue.NONE || given.ReturnValues == ReturnValue.ALL_OLD);
        if (!isValid || DeleteCondition.Of(given) is not { } condition)
        {
            return await PlainlyAsync(given, isValid ? Reasons.LegacyCondition : Reasons.NoKey, ct);
        }

        try
        {
            return await MarkedAsync(given, condition, author, ct);
        }
        catch (ConditionalCheckFailedException e) when (given.ReturnValuesOnConditionCheckFailure != ReturnValuesOnConditionCheckFailure.ALL_OLD)
        {
            // The item was asked for here, not by the caller.
            e.Item = null;
            throw;
        }
    }

    private async Task<DeleteItemResponse> MarkedAsync(DeleteItemRequest given, DeleteCondition condition, Author author, CancellationToken ct)
    {
        for (var round = 0; round < RoundsMax; round++)
        {
            MarkAnswer answer;
            try
            {
                answer = await marks.PlaceAsync(given, condition, stamper.New(author, given.TableName, given.Key, deletes: true)!, ct);
            }
            catch (AmazonDynamoDBException e) when (ItemWrites.IsInvalid(e))
            {
                // No room for a mark in the item, or the caller's own mistake, which the plain delete tells.
                return await PlainlyAsync(given, Reasons.DoesNotFit, ct);
            }

            if (answer is MarkAnswer.Refused refused)
            {
                ExceptionDispatchInfo.Throw(refused.Failure);
            }

            var response = answer is MarkAnswer.Placed placed
                ? await WhereMarkedAsync(given, condition, placed, ct)
                : await WhereAbsentAsync(given, condition, ct);
            if (response is not null)
            {
                return response;
            }
        }

        return await PlainlyAsync(given, Reasons.Contended, ct);
    }

    /// <summary>Deletes what the mark stands on; null where somebody wrote or deleted the item in between.</summary>
    private async Task<DeleteItemResponse?> WhereMarkedAsync(DeleteItemRequest given, DeleteCondition condition, MarkAnswer.Placed placed, CancellationToken ct)
    {
        try
        {
            // The caller's condition again: a writer without stamps may have changed the item under the mark.
            var response = await calls.Delete(condition.AndNonce(stamper.Attribute, placed.Mark.Nonce).On(given), ct);
            response.ConsumedCapacity = Consumption.Sum(placed.Consumed, response.ConsumedCapacity);
            return response;
        }
        catch (ConditionalCheckFailedException e) when (StampValue.NonceOf(e.Item, stamper.Attribute) != placed.Mark.Nonce)
        {
            return null;
        }
        catch
        {
            await marks.TakeOffAsync(placed.Mark);
            throw;
        }
    }

    /// <summary>Deletes nothing, as the caller wants it where there is nothing; null where somebody put the item in between.</summary>
    private async Task<DeleteItemResponse?> WhereAbsentAsync(DeleteItemRequest given, DeleteCondition condition, CancellationToken ct)
    {
        try
        {
            return await calls.Delete(condition.AndItem(exists: false, given.Key.Keys.First()).On(given), ct);
        }
        catch (ConditionalCheckFailedException e) when (e.Item is { Count: > 0 })
        {
            return null;
        }
    }

    private async Task<DeleteItemResponse> PlainlyAsync(DeleteItemRequest given, string reason, CancellationToken ct)
    {
        var response = await calls.Delete(given, ct);
        Tallies.Unstamped("DeleteItem", reason);
        return response;
    }
}
