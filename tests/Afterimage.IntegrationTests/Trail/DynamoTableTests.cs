using Afterimage.IntegrationTests.Support;
using Afterimage.Tests.Contracts;
using Afterimage.Trail.DynamoDb;
using Afterimage.Trail.DynamoDb.Table;

namespace Afterimage.IntegrationTests.Trail;

/// <summary>A table in DynamoDB, held to what the one in memory is held to.</summary>
public sealed class DynamoTableTests(LocalDatabase database) : ItemTableContract, IAsyncLifetime
{
    private DynamoTable table = null!;

    private protected override IItemTable Table => table;

    public async ValueTask InitializeAsync()
    {
        var made = await TableForTrail.CreateAsync(database, Ct);
        table = new DynamoTable(made.Uri["dynamodb:".Length..], made.Site);
        await table.WriteAsync(new ItemWrite.Delete(Layout.Trail), Ct);
    }

    public ValueTask DisposeAsync()
    {
        table.Dispose();
        return ValueTask.CompletedTask;
    }
}
