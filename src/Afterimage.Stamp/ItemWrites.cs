using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

namespace Afterimage.Stamp;

/// <summary>Puts and updates of one item.</summary>
internal sealed class ItemWrites(Stamper stamper, TableKeys keys, DynamoCalls calls)
{
    public async Task<PutItemResponse> PutAsync(PutItemRequest given, CancellationToken ct)
    {
        var author = stamper.CurrentAuthor();
        var key = author is null ? null : await keys.KeyOfAsync(given.TableName, given.Item, ct);
        var stamp = author is null || key is null ? null : stamper.New(author, given.TableName, key);
        var stamped = stamp is null ? null : StampedForms.Put(given, stamper.Attribute, stamp.ToAttribute());
        return author is null ? await calls.Put(given, ct) : await SendAsync("PutItem", given, stamped, calls.Put, ct);
    }

    public async Task<UpdateItemResponse> UpdateAsync(UpdateItemRequest given, CancellationToken ct)
    {
        var author = stamper.CurrentAuthor();
        var stamp = author is null || given.Key is null ? null : stamper.New(author, given.TableName, given.Key);

        // An expression that is there and empty is the caller's mistake, and DynamoDB says so.
        var stamped = stamp is null || given.UpdateExpression is { } text && string.IsNullOrWhiteSpace(text)
            ? null
            : StampedForms.Update(given, stamper.Attribute, stamp.ToAttribute());
        return author is null ? await calls.Update(given, ct) : await SendAsync("UpdateItem", given, stamped, calls.Update, ct);
    }

    /// <summary>Sends the stamped request; where DynamoDB calls it invalid, the caller's own, so that the answer is the one without stamps.</summary>
    /// <remarks>Then either the caller made the mistake, or there was no room for the stamp: the change has no author rather than not being made.</remarks>
    public static async Task<TResponse> SendAsync<TRequest, TResponse>(
        string operation, TRequest given, TRequest? stamped, Func<TRequest, CancellationToken, Task<TResponse>> send, CancellationToken ct)
        where TRequest : class
    {
        if (stamped is not null)
        {
            try
            {
                return await send(stamped, ct);
            }
            catch (AmazonDynamoDBException e) when (IsInvalid(e))
            {
                // The plain request below says what is wrong, if it is not the stamp.
            }
        }

        var response = await send(given, ct);
        Tallies.Unstamped(operation, stamped is null ? Reasons.NoKey : Reasons.DoesNotFit);
        return response;
    }

    public static bool IsInvalid(AmazonDynamoDBException e) => e.ErrorCode == "ValidationException";
}
