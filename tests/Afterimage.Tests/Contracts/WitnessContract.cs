using System.Security.Cryptography;
using System.Text;
using Afterimage.Proof;
using Afterimage.Sealing;

namespace Afterimage.Tests.Contracts;

/// <summary>What every witness does. A class that derives from it opens the witness of its kind.</summary>
public abstract class WitnessContract : IDisposable
{
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly List<IWitness> opened = [];

    /// <summary>Whether writers are let in at the same moment; else in turns.</summary>
    protected virtual bool MayMeet => true;

    protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_witness_that_holds_nothing_has_no_newest_checkpoint()
    {
        var witness = await WitnessAsync();

        (await witness.NewestAsync(-1, Ct)).ShouldBeNull();
        (await witness.NewestAsync(7, Ct)).ShouldBeNull();
        (await AllAsync(witness)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_checkpoint_is_held_to_the_byte()
    {
        var witness = await WitnessAsync();
        var checkpoint = Signed(9, "a");

        Text(await witness.WitnessAsync(checkpoint, Ct)).ShouldBe(Text(checkpoint));

        Text((await witness.NewestAsync(-1, Ct))!).ShouldBe(Text(checkpoint));
    }

    [Fact]
    public async Task What_is_held_is_never_overwritten_and_is_what_the_second_comer_gets()
    {
        var witness = await WitnessAsync();
        var (first, second) = (Signed(9, "a"), Signed(9, "b"));
        await witness.WitnessAsync(first, Ct);

        Text(await witness.WitnessAsync(second, Ct)).ShouldBe(Text(first));

        (await AllAsync(witness)).ShouldBe([Text(first)]);
    }

    [Fact]
    public async Task The_same_checkpoint_may_come_again()
    {
        var witness = await WitnessAsync();
        var checkpoint = Signed(9, "a");
        await witness.WitnessAsync(checkpoint, Ct);

        Text(await witness.WitnessAsync(checkpoint, Ct)).ShouldBe(Text(checkpoint));
    }

    [Fact]
    public async Task The_newest_is_of_the_largest_size_above_the_one_that_is_asked_for()
    {
        var witness = await WitnessAsync();
        foreach (var size in new[] { 9, 100, 30 })
        {
            await witness.WitnessAsync(Signed(size, "a"), Ct);
        }

        (await NewestAsync(witness, 0)).ShouldBe(100);
        (await NewestAsync(witness, 30)).ShouldBe(100);
        (await NewestAsync(witness, 99)).ShouldBe(100);
        (await NewestAsync(witness, 100)).ShouldBeNull();
    }

    [Fact]
    public async Task All_come_in_the_order_of_their_sizes()
    {
        var witness = await WitnessAsync();
        var checkpoints = Enumerable.Range(0, 40).Select(number => Signed(number * number * 7, $"{number}")).ToList();
        foreach (var checkpoint in Enumerable.Reverse(checkpoints))
        {
            await witness.WitnessAsync(checkpoint, Ct);
        }

        (await AllAsync(witness)).ShouldBe(checkpoints.Select(Text));
    }

    [Fact]
    public async Task Who_stops_listening_early_leaves_a_witness_that_answers()
    {
        var witness = await WitnessAsync();
        foreach (var size in Enumerable.Range(1, 20))
        {
            await witness.WitnessAsync(Signed(size, "a"), Ct);
        }

        await foreach (var held in witness.AllAsync(Ct))
        {
            held.Checkpoint.Size.ShouldBe(1);
            break;
        }

        (await NewestAsync(witness, 0)).ShouldBe(20);
    }

    [Fact]
    public async Task Of_many_writers_at_once_one_is_held_and_all_get_it()
    {
        var writers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => WitnessAsync()));
        for (var size = 1; size <= 10; size++)
        {
            var got = await AtOnceAsync(writers, size);

            got.Select(Text).Distinct().Count().ShouldBe(1);
            Text((await writers[0].NewestAsync(size - 1, Ct))!).ShouldBe(Text(got[0]));
        }
    }

    [Fact]
    public async Task A_name_that_is_no_size_is_an_error()
    {
        var witness = await WitnessAsync();
        await witness.WitnessAsync(Signed(9, "a"), Ct);
        await LeaveAsync("notes.txt", "someone's"u8.ToArray());

        var error = await Should.ThrowAsync<AfterimageException>(() => witness.NewestAsync(-1, Ct));
        error.Message.ShouldBe($"The witness {witness.Uri} holds 'notes.txt', which is the name of no checkpoint.");
        await Should.ThrowAsync<AfterimageException>(() => AllAsync(witness));
    }

    [Fact]
    public async Task What_is_no_checkpoint_of_its_size_is_an_error()
    {
        var witness = await WitnessAsync();
        await LeaveAsync("00000000000000000008", Signed(9, "a").Note.ToArray());
        await LeaveAsync("00000000000000000010", "not a note"u8.ToArray());

        (await Should.ThrowAsync<AfterimageException>(() => witness.WitnessAsync(Signed(8, "a"), Ct))).Message.ShouldContain("It is of size 9.");
        (await Should.ThrowAsync<AfterimageException>(() => witness.NewestAsync(8, Ct))).Message.ShouldContain("00000000000000000010");
    }

    [Fact]
    public async Task What_is_far_too_long_is_not_read_to_its_end()
    {
        var witness = await WitnessAsync();
        await LeaveAsync("00000000000000000008", new byte[1_000_000]);

        (await Should.ThrowAsync<AfterimageException>(() => witness.NewestAsync(-1, Ct))).Message.ShouldContain("A note has at most 65536 bytes.");
    }

    /// <summary>Opens the witness, which is empty when the test begins; a second time, the same one.</summary>
    protected abstract Task<IWitness> OpenAsync();

    /// <summary>Puts something there past the witness.</summary>
    protected abstract Task LeaveAsync(string name, byte[] content);

    protected virtual void Dispose(bool disposing)
    {
        opened.ForEach(witness => witness.Dispose());
        key.Dispose();
    }

    protected async Task<IWitness> WitnessAsync()
    {
        var witness = await OpenAsync();
        opened.Add(witness);
        return witness;
    }

    protected SignedCheckpoint Signed(long size, string root)
    {
        var checkpoint = new Checkpoint("audit.example.com/orders", size, Sha256Hash.Of(Encoding.UTF8.GetBytes(root)));
        lock (key)
        {
            var signature = key.SignData(checkpoint.ToText(), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
            return SignedCheckpoint.Of(checkpoint, VerifierKey.Of(checkpoint.Origin, key.ExportSubjectPublicKeyInfo()), signature);
        }
    }

    // The writers begin together, on threads of their own.
    private async Task<IReadOnlyList<SignedCheckpoint>> AtOnceAsync(IWitness[] writers, long size)
    {
        using var turns = new SemaphoreSlim(MayMeet ? writers.Length : 1);
        using var start = new Barrier(writers.Length);
        return await Task.WhenAll(writers.Select((witness, number) => Task.Factory.StartNew(
            async () =>
            {
                var mine = Signed(size, $"{number}");
                start.SignalAndWait(Ct);
                await turns.WaitAsync(Ct);
                var held = await witness.WitnessAsync(mine, Ct);
                turns.Release();
                return held;
            },
            Ct,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default).Unwrap()));
    }

    private static string Text(SignedCheckpoint checkpoint) => Encoding.UTF8.GetString(checkpoint.Note.Span);

    private static async Task<long?> NewestAsync(IWitness witness, long above) => (await witness.NewestAsync(above, Ct))?.Checkpoint.Size;

    private static async Task<List<string>> AllAsync(IWitness witness)
    {
        var all = new List<string>();
        await foreach (var held in witness.AllAsync(Ct))
        {
            all.Add(Text(held));
        }

        return all;
    }
}
