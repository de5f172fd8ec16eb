using Afterimage.Streams.Aws;

namespace Afterimage.Trail.DynamoDb.Table;

/// <summary>What DynamoDB refuses, said so that the operator knows what to do.</summary>
internal static class TableErrors
{
    /// <summary>Whether a condition did not hold.</summary>
    public static bool IsCondition(AwsException error) =>
        error.Code == "ConditionalCheckFailedException"
        || (error.Code == "TransactionCanceledException" && error.Text.Contains("ConditionalCheckFailed", StringComparison.Ordinal));

    /// <summary>Whether DynamoDB does not take what was written, whoever writes it.</summary>
    public static bool IsRefusal(AfterimageException error) => error.InnerException is AwsException { Code: "ValidationException" };

    /// <summary>The refusal in the operator's terms; null where a look at it, or waiting, may help.</summary>
    public static AfterimageException? Explain(AwsException error, string operation, string table) => error switch
    {
        ResourceNotFoundException => new AfterimageException(
            $"There is no DynamoDB table {table} for the trail, or not the index that was asked: {error.Text}",
            $"Create it with: afterimage enable TABLE --trail dynamodb:{table}. See also that region and endpoint are the right ones.",
            error),
        AccessDeniedException => new AfterimageException(
            $"AWS does not allow dynamodb:{operation} on the trail's table {table}: {error.Text}",
            $"Allow dynamodb:{operation} on table/{table} and table/{table}/index/*, and the use of the table's KMS key if it has one.",
            error),
        _ when error.Code is "ValidationException" && !IsCondition(error) => new AfterimageException(
            $"DynamoDB refuses {operation} on the trail's table {table}: {error.Text}",
            "The table may have other keys or indexes than a trail's. afterimage enable says what differs.",
            error),
        _ => null,
    };
}
