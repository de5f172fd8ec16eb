using Afterimage.IntegrationTests.Support;
using Afterimage.Tests.Contracts;
using Afterimage.Trail;

namespace Afterimage.IntegrationTests.Trail;

/// <summary>A trail in DynamoDB, held to what every trail is held to.</summary>
public sealed class DynamoTrailTests(LocalDatabase database) : TrailContract
{
    private TableForTrail table = null!;

    public override async ValueTask InitializeAsync()
    {
        table = await TableForTrail.CreateAsync(database, Ct);
        await base.InitializeAsync();
    }

    protected override Task<ITrail> OpenAsync(OpenMode mode) => table.OpenAsync(mode, Ct);
}
