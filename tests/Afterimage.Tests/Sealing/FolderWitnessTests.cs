using Afterimage.Sealing;
using Afterimage.Streams.Aws;
using Afterimage.Tests.Contracts;
using Afterimage.Trail;

namespace Afterimage.Tests.Sealing;

public sealed class FolderWitnessTests : WitnessContract
{
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("afterimage-");

    private string Folder => Path.Combine(directory.FullName, "made", "witness");

    [Fact]
    public async Task A_file_is_named_by_the_size_and_is_the_note()
    {
        var witness = await WitnessAsync();
        var checkpoint = Signed(1031, "a");
        await witness.WitnessAsync(checkpoint, Ct);

        Directory.GetFileSystemEntries(Folder).ShouldBe([Path.Combine(Folder, "00000000000000001031")]);
        (await File.ReadAllBytesAsync(Path.Combine(Folder, "00000000000000001031"), Ct)).ShouldBe(checkpoint.Note.ToArray());
    }

    [Fact]
    public async Task What_a_crash_left_is_passed_over_and_is_in_nobodys_way()
    {
        var witness = await WitnessAsync();
        await LeaveAsync(".00000000000000000009.0.tmp", "half a no"u8.ToArray());
        await LeaveAsync(".gitignore", []);
        await witness.WitnessAsync(Signed(9, "a"), Ct);

        (await witness.NewestAsync(-1, Ct))!.Checkpoint.Size.ShouldBe(9);
        File.Exists(Path.Combine(Folder, ".00000000000000000009.1.tmp")).ShouldBeFalse();
    }

    [Fact]
    public void Who_only_asks_makes_no_folder()
    {
        var error = Should.Throw<AfterimageException>(() => Open(OpenMode.ReadOnly));

        error.Message.ShouldBe($"The witness file:{Folder} is not there: there is no folder {Folder}.");
        Directory.Exists(Folder).ShouldBeFalse();
    }

    [Fact]
    public void A_file_is_no_folder()
    {
        File.WriteAllText(Path.Combine(directory.FullName, "made"), string.Empty);

        Should.Throw<AfterimageException>(() => Open(OpenMode.CreateOrWrite)).Message.ShouldStartWith($"The witness file:{Folder} cannot be made: ");
        Directory.CreateDirectory(Path.Combine(directory.FullName, "other"));
        File.WriteAllText(Path.Combine(directory.FullName, "other", "file"), string.Empty);
        Should.Throw<AfterimageException>(() => Open(OpenMode.CreateOrWrite, Path.Combine(directory.FullName, "other", "file"))).Message.ShouldEndWith("is a file, not the folder of a witness.");
    }

    [Fact]
    public async Task A_folder_that_goes_away_meanwhile_is_an_error()
    {
        var witness = await WitnessAsync();
        Directory.Delete(Folder);

        (await Should.ThrowAsync<AfterimageException>(() => witness.WitnessAsync(Signed(9, "a"), Ct))).Message.ShouldStartWith($"The witness {witness.Uri} cannot be written to: ");
        var error = await Should.ThrowAsync<AfterimageException>(() => witness.NewestAsync(-1, Ct));
        error.Message.ShouldStartWith($"The witness {witness.Uri} cannot be read: ");
        error.Hint.ShouldContain(Folder);
    }

    [Theory]
    [InlineData("witness")]
    [InlineData("file:")]
    [InlineData("file://host/witness")]
    [InlineData("s3:bucket")]
    [InlineData("s3://Bucket/x")]
    [InlineData("s3://")]
    [InlineData("git:x")]
    public void An_address_of_no_witness_is_wrong_usage(string uri)
    {
        var problem = Should.Throw<UsageException>(() => Witnesses.Open(uri, OpenMode.CreateOrWrite, new AwsSettings(), _ => null, TimeProvider.System)).Problems.Single();

        problem.What.ShouldBe($"'{uri}' is not the address of a witness.");
        problem.Hint.ShouldContain("s3://BUCKET/PREFIX");
    }

    protected override Task<IWitness> OpenAsync() => Task.FromResult(Open(OpenMode.CreateOrWrite));

    protected override Task LeaveAsync(string name, byte[] content) => File.WriteAllBytesAsync(Path.Combine(Folder, name), content, Ct);

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        directory.Delete(recursive: true);
    }

    private IWitness Open(OpenMode mode, string? path = null) => Witnesses.Open($"file:{path ?? Folder}", mode, new AwsSettings(), _ => null, TimeProvider.System);
}
