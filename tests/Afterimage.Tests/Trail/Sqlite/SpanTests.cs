using Afterimage.Entries;
using Afterimage.Tests.Contracts;
using Afterimage.Trail;
using Afterimage.Trail.Sqlite;

namespace Afterimage.Tests.Trail.Sqlite;

/// <summary>The whole contract on a trail whose lookups lie in many spans, as those of millions of entries do.</summary>
public sealed class SpanTests : TrailContract
{
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("afterimage-");

    [Fact]
    public async Task An_entry_is_found_whichever_span_it_lies_in()
    {
        var entries = Shop.Series(1, 500);
        await KeepAsync(entries);

        foreach (var entry in entries.Where((_, at) => at % 50 == 0))
        {
            (await Trail.FindAsync(entry.Id, Ct)).ShouldNotBeNull().SequenceNumber.ShouldBe(entry.SequenceNumber);
        }

        (await Trail.FindAsync(Shop.Entry("9999").Id, Ct)).ShouldBeNull();
    }

    // Two ids whose first 8 bytes are the same: their lookup keys are, and they are not.
    [Fact]
    public async Task What_only_hashes_alike_is_not_found()
    {
        await KeepAsync(Shop.Entry("1"));
        var id = Shop.Entry("1").Id.Value;
        EntryId.TryParse($"{id[..^1]}{(id[^1] == '0' ? '4' : '0')}", out var other).ShouldBeTrue();

        LookupKey.Of(other).ShouldBe(LookupKey.Of(Shop.Entry("1").Id));
        (await Trail.FindAsync(other, Ct)).ShouldBeNull();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        directory.Delete(recursive: true);
    }

    protected override async Task<ITrail> OpenAsync(OpenMode mode) => await SqliteTrail.OpenAsync(
        "sqlite:trail.db", Path.Combine(directory.FullName, "trail.db"), mode, new SqliteTuning { LeavesPerSpan = 100 }, Ct);
}
