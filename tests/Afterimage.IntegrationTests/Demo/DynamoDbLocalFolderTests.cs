using Afterimage.App.Demo;

namespace Afterimage.IntegrationTests.Demo;

public sealed class DynamoDbLocalFolderTests : IDisposable
{
    private readonly DirectoryInfo cache = Directory.CreateTempSubdirectory("afterimage-cache-");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_that_fetch_at_once_end_with_one_whole_folder_and_nothing_half_done()
    {
        using var messages = new StringWriter();
        var synchronized = TextWriter.Synchronized(messages);

        var folders = await Task.WhenAll(
            DynamoDbLocalFolder.GetAsync(cache.FullName, synchronized, Ct),
            DynamoDbLocalFolder.GetAsync(cache.FullName, synchronized, Ct));

        folders[0].ShouldBe(folders[1]);
        File.Exists(Path.Combine(folders[0], "DynamoDBLocal.jar")).ShouldBeTrue();
        var kept = Directory.GetDirectories(Path.Combine(cache.FullName, "afterimage", "dynamodb-local")).ShouldHaveSingleItem();
        messages.ToString().ShouldContain(kept);
    }

    [Fact]
    public async Task A_fetch_that_was_cancelled_leaves_nothing_behind()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => DynamoDbLocalFolder.GetAsync(cache.FullName, TextWriter.Null, cancelled.Token));

        Directory.GetDirectories(Path.Combine(cache.FullName, "afterimage", "dynamodb-local")).ShouldBeEmpty();
    }

    public void Dispose() => cache.Delete(recursive: true);
}
