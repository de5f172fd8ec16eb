using Afterimage.Entries;
using Afterimage.Trail;

namespace Afterimage.Tests.Contracts;

/// <summary>What every trail does, whatever it is kept in. A class that derives from it opens the trail of its kind.</summary>
public abstract partial class TrailContract : IAsyncLifetime
{
    private readonly List<ITrail> opened = [];

    protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>The trail under test, open for appends.</summary>
    protected ITrail Trail { get; private set; } = null!;

    public virtual async ValueTask InitializeAsync()
    {
        Trail = await AnotherAsync(OpenMode.CreateOrWrite);
        await Trail.KeepTableAsync(Shop.Orders, Ct);
    }

    public virtual async ValueTask DisposeAsync()
    {
        foreach (var trail in opened)
        {
            await trail.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>Opens the one trail of this test once more, as another process would.</summary>
    protected abstract Task<ITrail> OpenAsync(OpenMode mode);

    /// <summary>Opens the one trail of this test once more; it is closed with the test.</summary>
    protected async Task<ITrail> AnotherAsync(OpenMode mode)
    {
        var trail = await OpenAsync(mode);
        opened.Add(trail);
        return trail;
    }

    protected async Task KeepAsync(params IReadOnlyList<AuditEntry> entries) => await KeepAsync(Shop.Append(Shop.Unread(Shop.Shard), entries));

    protected async Task KeepAsync(TrailAppend append) => (await Trail.AppendAsync(append, Ct)).ShouldBe(AppendOutcome.Kept);

    protected Task<List<AuditEntry>> InShardOrderAsync(long fromIndex = 0) =>
        Trail.ShardEntriesAsync(Shop.Stream, Shop.Shard, fromIndex, Ct).ToListAsync(Ct).AsTask();

    protected async Task<TrailShard> RowAsync() => (await Trail.ShardsAsync(Shop.Stream, Ct)).Single(row => row.Progress.Shard == Shop.Shard);
}
