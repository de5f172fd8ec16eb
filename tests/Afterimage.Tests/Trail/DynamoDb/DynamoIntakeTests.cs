using Afterimage.Tests.Contracts;
using Afterimage.Tests.Support;
using Afterimage.Trail;

namespace Afterimage.Tests.Trail.DynamoDb;

/// <summary>The intake of a trail in a DynamoDB table.</summary>
public sealed class DynamoIntakeTests : IntakeContract
{
    private readonly FakeTable table = FakeTrail.Table(new Random(1));
    private int opened;

    protected override Task<ITrail> OpenAsync(OpenMode mode) => Task.FromResult<ITrail>(FakeTrail.Open(table, mode, $"writer{opened++}"));
}
