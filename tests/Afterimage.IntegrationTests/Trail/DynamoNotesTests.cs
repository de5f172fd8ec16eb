using Afterimage.IntegrationTests.Support;
using Afterimage.Tests.Contracts;
using Afterimage.Trail;

namespace Afterimage.IntegrationTests.Trail;

/// <summary>The notes of a trail in DynamoDB.</summary>
public sealed class DynamoNotesTests(LocalDatabase database) : NotesContract, IAsyncLifetime
{
    private ITrail trail = null!;

    protected override ITrailNotes Notes => trail.Notes;

    public async ValueTask InitializeAsync()
    {
        var table = await TableForTrail.CreateAsync(database, TestContext.Current.CancellationToken);
        trail = await table.OpenAsync(OpenMode.CreateOrWrite, TestContext.Current.CancellationToken);
    }

    public ValueTask DisposeAsync() => trail.DisposeAsync();
}
