using Afterimage.Trail;
using Afterimage.Trail.DynamoDb;
using Afterimage.Trail.DynamoDb.Table;

namespace Afterimage.Tests.Support;

/// <summary>Trails in a DynamoDB table in memory.</summary>
internal static class FakeTrail
{
    /// <summary>A table with the indexes of a trail's.</summary>
    public static FakeTable Table(Random random) =>
        new(random, new FakeIndex(Indexes.ByPartition, []), new FakeIndex(Indexes.ByTime, Indexes.Filtered), new FakeIndex(Indexes.ByActor, Indexes.Filtered));

    /// <summary>The trail in a table, as another process opens it.</summary>
    /// <param name="table">The table.</param>
    /// <param name="mode">What it is opened for.</param>
    /// <param name="writer">What the process calls itself.</param>
    public static DynamoTrail Open(IItemTable table, OpenMode mode, string writer) => new("dynamodb:trail", table, mode, writer, new LeapingTime(), null);
}
