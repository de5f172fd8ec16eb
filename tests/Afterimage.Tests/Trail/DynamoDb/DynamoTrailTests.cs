using Afterimage.Tests.Contracts;
using Afterimage.Tests.Support;
using Afterimage.Trail;

namespace Afterimage.Tests.Trail.DynamoDb;

/// <summary>A trail in a DynamoDB table, held to what every trail is held to, over pages that are cut anywhere.</summary>
public sealed class DynamoTrailTests : TrailContract
{
    private readonly FakeTable table = FakeTrail.Table(new Random(1));
    private int opened;

    protected override Task<ITrail> OpenAsync(OpenMode mode) => Task.FromResult<ITrail>(FakeTrail.Open(table, mode, $"writer{opened++}"));
}
