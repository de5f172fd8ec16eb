using Afterimage.Tests.Contracts;
using Afterimage.Tests.Support;
using Afterimage.Trail;
using Afterimage.Trail.DynamoDb;

namespace Afterimage.Tests.Trail.DynamoDb;

/// <summary>The notes of a trail in a DynamoDB table.</summary>
public sealed class DynamoNotesTests : NotesContract
{
    protected override ITrailNotes Notes { get; } = new DynamoNotes(FakeTrail.Table(new Random(1)));
}
