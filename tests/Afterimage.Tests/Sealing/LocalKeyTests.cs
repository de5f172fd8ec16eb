using System.Diagnostics;
using System.Security.Cryptography;
using Afterimage.Sealing;
using Afterimage.Streams.Aws;
using Afterimage.Trail;

namespace Afterimage.Tests.Sealing;

public sealed class LocalKeyTests : IDisposable
{
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("afterimage-");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private string KeyPath => Path.Combine(directory.FullName, "afterimage.key");

    public void Dispose() => directory.Delete(recursive: true);

    [Fact]
    public async Task The_first_use_makes_a_key_that_only_its_owner_may_read()
    {
        using var key = Open();
        var verifier = await key.VerifierAsync("audit.example.com/orders", Ct);

        var signature = await key.SignAsync("text"u8.ToArray(), Ct);

        verifier.HasSigned("text"u8, signature).ShouldBeTrue();
        verifier.HasSigned("test"u8, signature).ShouldBeFalse();
        (await File.ReadAllTextAsync(KeyPath, Ct)).ShouldStartWith("-----BEGIN PRIVATE KEY-----\n");
        Directory.GetFileSystemEntries(directory.FullName).ShouldBe([KeyPath]);
        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(KeyPath).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    [Fact]
    public async Task The_next_use_finds_the_same_key()
    {
        using var first = Open();
        using var second = Open();
        using var third = Open(OpenMode.ReadOnly);

        var verifier = await first.VerifierAsync("a", Ct);
        (await second.VerifierAsync("a", Ct)).ShouldBe(verifier);
        (await third.VerifierAsync("a", Ct)).ShouldBe(verifier);
    }

    [Fact]
    public async Task All_who_begin_at_once_agree_on_one_key()
    {
        const int Processes = 8;
        for (var round = 0; round < 10; round++)
        {
            // A key each is made before the first one is there; what decides is who names it first.
            using var start = new Barrier(Processes);
            var ids = await Task.WhenAll(Enumerable.Range(0, Processes).Select(_ => Task.Factory.StartNew(
                async () =>
                {
                    start.SignalAndWait(Ct);
                    using var key = Open();
                    return (await key.VerifierAsync("a", Ct)).ToString();
                },
                Ct,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default).Unwrap()));

            ids.Distinct().Count().ShouldBe(1);
            Directory.GetFileSystemEntries(directory.FullName).ShouldBe([KeyPath]);
            File.Delete(KeyPath);
        }
    }

    [Fact]
    public void What_a_crash_left_is_not_taken_for_a_key()
    {
        File.WriteAllText(Path.Combine(directory.FullName, ".afterimage.key.0.tmp"), "-----BEGIN PRIV");

        Should.NotThrow(() => Open().Dispose());
    }

    [Fact]
    public void Who_only_verifies_makes_no_key()
    {
        Refused(OpenMode.ReadOnly).Message.ShouldBe($"There is no signing key at {KeyPath}.");

        Directory.GetFileSystemEntries(directory.FullName).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(UnixFileMode.GroupRead, "640")]
    [InlineData(UnixFileMode.OtherRead, "604")]
    [InlineData(UnixFileMode.OtherWrite, "602")]
    public void A_key_that_others_can_read_is_refused(UnixFileMode others, string mode)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Files have no such modes here.");
        Open().Dispose();
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(KeyPath, UnixFileMode.UserRead | UnixFileMode.UserWrite | others);
        }

        var error = Refused();
        error.Message.ShouldBe($"The signing key {KeyPath} may be read or written by others than its owner (mode {mode}).");
        error.Hint.ShouldStartWith($"chmod 600 {KeyPath}");
    }

    [Fact]
    public void A_directory_is_no_key()
    {
        Directory.CreateDirectory(KeyPath);

        Refused().Message.ShouldBe($"{KeyPath} is a directory, not a signing key.");
    }

    [Fact]
    public void A_directory_that_is_missing_is_named() =>
        Should.Throw<AfterimageException>(() => Open(path: Path.Combine(directory.FullName, "none", "a.key"))).Hint.ShouldBe($"Make it with mkdir -p '{Path.Combine(directory.FullName, "none")}'.");

    [Theory]
    [InlineData("", "is empty: it holds no signing key.")]
    [InlineData("not a key", "holds no private key on the curve P-256 as PEM: ")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "holds no private key on the curve P-256 as PEM: ")]
    public void What_is_no_key_is_refused_and_stays_as_it_is(string content, string expected)
    {
        Write(content);

        Refused().Message.ShouldContain(expected);
        File.ReadAllText(KeyPath).ShouldBe(content);
    }

    [Fact]
    public void Keys_of_other_kinds_are_refused()
    {
        using var onP384 = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        Write(onP384.ExportPkcs8PrivateKeyPem());
        Refused().Message.ShouldEndWith("The key is not on the curve P-256.");

        using var rsa = RSA.Create(2048);
        Write(rsa.ExportPkcs8PrivateKeyPem());
        Refused().Message.ShouldContain("holds no private key on the curve P-256 as PEM");

        using var onP256 = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Write(onP256.ExportSubjectPublicKeyInfoPem());
        Refused().Message.ShouldContain("holds no private key on the curve P-256 as PEM");
        Write(onP256.ExportEncryptedPkcs8PrivateKeyPem("secret", new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1)));
        Refused().Message.ShouldContain("holds no private key on the curve P-256 as PEM");
    }

    [Fact]
    public async Task A_key_that_openssl_made_signs_what_openssl_verifies()
    {
        RunOpenSsl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", KeyPath);
        using var key = Open(OpenMode.ReadOnly);
        var (text, signature, publicKey) = (Named("body.txt"), Named("sig.der"), Named("pub.der"));
        await File.WriteAllTextAsync(text, "audit.example.com/orders\n9\n", Ct);
        await File.WriteAllBytesAsync(signature, await key.SignAsync(await File.ReadAllBytesAsync(text, Ct), Ct), Ct);
        await File.WriteAllBytesAsync(publicKey, (await key.VerifierAsync("a", Ct)).PublicKey.ToArray(), Ct);

        RunOpenSsl("dgst", "-sha256", "-keyform", "DER", "-verify", publicKey, "-signature", signature, text).ShouldContain("Verified OK");
    }

    [Theory]
    [InlineData("afterimage.key")]
    [InlineData("file:")]
    [InlineData("file://host/a.key")]
    [InlineData("kms:")]
    [InlineData("kms:1234abcd-12ab-34cd-56ef-1234567890ab")]
    [InlineData("kms:alias/")]
    [InlineData("kms:arn:aws:s3:us-east-1:123456789012:key/1")]
    [InlineData("kms:arn:aws:kms::123456789012:key/1")]
    public void An_address_of_no_key_is_wrong_usage(string uri)
    {
        var problem = Should.Throw<UsageException>(() => SealingKeys.Open(uri, OpenMode.CreateOrWrite, new AwsSettings(), _ => null)).Problems.Single();

        problem.What.ShouldBe($"'{uri}' is not the address of a signing key.");
        problem.Hint.ShouldContain("kms:alias/NAME");
    }

    private static string RunOpenSsl(params string[] arguments)
    {
        using var openssl = Process.Start(new ProcessStartInfo("openssl", arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var said = openssl.StandardOutput.ReadToEnd() + openssl.StandardError.ReadToEnd();
        openssl.WaitForExit();
        openssl.ExitCode.ShouldBe(0, said);
        return said;
    }

    private string Named(string name) => Path.Combine(directory.FullName, name);

    private ISigningKey Open(OpenMode mode = OpenMode.CreateOrWrite, string? path = null) => SealingKeys.Open($"file:{path ?? KeyPath}", mode, new AwsSettings(), _ => null);

    private AfterimageException Refused(OpenMode mode = OpenMode.CreateOrWrite) => Should.Throw<AfterimageException>(() => Open(mode));

    private void Write(string content)
    {
        File.Delete(KeyPath);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var writer = new StreamWriter(KeyPath, options);
        writer.Write(content);
    }
}
