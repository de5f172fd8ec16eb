using Afterimage.Capture;
using Afterimage.Entries;
using Afterimage.IntegrationTests.Support;
using Afterimage.Streams.Leases;
using Afterimage.Streams.Reading;
using Afterimage.Tests.Contracts;
using Afterimage.Tests.Support;
using Afterimage.Trail;

namespace Afterimage.IntegrationTests.Trail;

/// <summary>The leases of a trail in DynamoDB.</summary>
public sealed class DynamoLeaseTests(LocalDatabase database) : LeaseContract, IAsyncLifetime
{
    private ITrail trail = null!;
    private Recorder recorder = null!;

    protected override ILeaseStore Store => trail.Leases;

    protected override IShardJournal Journal => recorder;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var table = await TableForTrail.CreateAsync(database, Ct);
        trail = await table.OpenAsync(OpenMode.CreateOrWrite, Ct);
        recorder = new Recorder(trail, _ => TableRules.None, new Progress<KeptBatch>(), SeededSecrets.From(1));
        await trail.KeepTableAsync(new TrailTable(FakeStream.Arn.Table, new KeyAttribute("id", AttributeKind.S), null, FakeStream.Arn, Followed: true), Ct);
    }

    public async ValueTask DisposeAsync()
    {
        recorder.Dispose();
        await trail.DisposeAsync();
    }
}
