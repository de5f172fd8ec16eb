using Afterimage.Proof;
using Afterimage.Sealing;
using Afterimage.Tests.Support;

namespace Afterimage.Tests.Verifying;

/// <summary>Sealing again and again beside a worker.</summary>
public sealed class SealingLoopTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_stands_in_the_way_is_said_once_and_that_it_is_over_once()
    {
        await using var trail = await SealedTrail.FillAsync(51);
        var time = new LeapingTime(trail.Time.Now);
        using var key = new MoodyKey(trail.Key) { Failures = 5 };
        var said = new List<string>();
        await trail.WorkAsync(async (kept, recorder) =>
        {
            await trail.KeepAsync(recorder, SealedTrail.Child, trail.Batch(5));
            using var end = CancellationTokenSource.CreateLinkedTokenSource(Ct);
            key.Signed = end.Cancel;
            var loop = new SealingLoop(kept, new Sealer(kept, SealedTrail.Name, key, [trail.Witness], time), TimeSpan.FromSeconds(10), time);
            await loop.RunAsync(new Listener(said), end.Token);
        });

        said.ShouldBe(["the key is away", "works again"]);
        trail.Time.Now = time.GetUtcNow();
        (await trail.VerifyAsync()).IsAltered.ShouldBeFalse();
    }

    [Fact]
    public async Task Salt_keys_of_shards_that_ended_more_than_a_day_ago_are_destroyed_on_the_way()
    {
        await using var trail = await SealedTrail.FillAsync(52);
        var time = new LeapingTime(trail.Time.Now.AddHours(25));
        await trail.WorkAsync(async (kept, _) =>
        {
            var (ended, open) = (await KeyAsync(SealedTrail.Parent), await KeyAsync(SealedTrail.Child));
            using var end = CancellationTokenSource.CreateLinkedTokenSource(Ct);
            var sealer = new Sealer(kept, SealedTrail.Name, trail.Key, [trail.Witness], time);
            var sealing = new SealingLoop(kept, sealer, TimeSpan.FromMinutes(1), time).RunAsync(new Listener([]), end.Token);
            while (await KeyAsync(SealedTrail.Parent) == ended)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Ct);
            }

            await end.CancelAsync();
            await sealing;
            (await KeyAsync(SealedTrail.Child)).ShouldBe(open);

            // One that is asked for anew gets the one that is proposed.
            async Task<string> KeyAsync(string shard) => Convert.ToHexString((await kept.SaltKeyAsync(FakeStream.Arn, new(shard), new byte[32], Ct)).Span);
        });
    }

    [Fact]
    public async Task A_log_that_cannot_be_read_is_said_and_does_not_end_the_loop_in_silence()
    {
        await using var trail = await SealedTrail.FillAsync(53);
        trail.Alter("UPDATE checkpoint SET note = x'00'");
        var time = new LeapingTime(trail.Time.Now.AddMinutes(1));
        var said = new List<string>();
        await trail.WorkAsync(async (kept, _) =>
        {
            using var end = CancellationTokenSource.CreateLinkedTokenSource(Ct);
            var listener = new Listener(said) { Told = end.Cancel };
            await new SealingLoop(kept, new Sealer(kept, SealedTrail.Name, trail.Key, [], time), TimeSpan.FromSeconds(10), time).RunAsync(listener, end.Token);
        });

        said.ShouldHaveSingleItem().ShouldContain("keeps of its log cannot be read");
    }

    private sealed class Listener(List<string> said) : IProgress<AfterimageException?>
    {
        public Action Told { get; init; } = () => { };

        public void Report(AfterimageException? value)
        {
            said.Add(value?.Message ?? "works again");
            Told();
        }
    }

    /// <summary>A key that cannot be asked at first.</summary>
    private sealed class MoodyKey(MemoryKey key) : ISigningKey
    {
        public int Failures { get; set; }

        public Action Signed { get; set; } = () => { };

        public Task<VerifierKey> VerifierAsync(string name, CancellationToken ct) => key.VerifierAsync(name, ct);

        public Task<byte[]> SignAsync(ReadOnlyMemory<byte> text, CancellationToken ct)
        {
            if (Failures-- > 0)
            {
                throw new AfterimageException("the key is away", "wait for it");
            }

            Signed();
            return key.SignAsync(text, ct);
        }

        public void Dispose()
        {
        }
    }
}
