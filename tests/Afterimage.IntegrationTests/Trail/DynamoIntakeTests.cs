using Afterimage.IntegrationTests.Support;
using Afterimage.Tests.Contracts;
using Afterimage.Trail;

namespace Afterimage.IntegrationTests.Trail;

/// <summary>The intake of a trail in DynamoDB.</summary>
public sealed class DynamoIntakeTests(LocalDatabase database) : IntakeContract
{
    private TableForTrail table = null!;

    public override async ValueTask InitializeAsync()
    {
        table = await TableForTrail.CreateAsync(database, Ct);
        await base.InitializeAsync();
    }

    protected override Task<ITrail> OpenAsync(OpenMode mode) => table.OpenAsync(mode, Ct);
}
