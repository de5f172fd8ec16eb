using Afterimage.Sealing;
using Afterimage.Streams.Shards;
using Afterimage.Tests.Support;
using Afterimage.Trail;

namespace Afterimage.Tests.Verifying;

/// <summary>When a trail is sealed, and when nothing is signed.</summary>
public sealed class SealerTests : IAsyncLifetime
{
    private SealedTrail trail = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => trail = await SealedTrail.FillAsync(21);

    public ValueTask DisposeAsync() => trail.DisposeAsync();

    [Fact]
    public Task A_trail_that_has_not_grown_is_sealed_once_an_hour() => trail.WorkAsync(async (kept, _) =>
    {
        var before = await kept.Log.EndAsync(Ct);
        await trail.SealAsync(kept);
        (await kept.Log.EndAsync(Ct)).ShouldBe(before);

        trail.Time.Now += TimeSpan.FromHours(1);
        await trail.SealAsync(kept);
        var after = await kept.Log.EndAsync(Ct);
        (after.Epoch, after.Tree.Size).ShouldBe((before.Epoch + 1, before.Tree.Size + 1));
    });

    [Fact]
    public Task A_sealer_leaves_it_to_one_that_has_just_sealed() => trail.WorkAsync(async (kept, recorder) =>
    {
        var before = await kept.Log.EndAsync(Ct);
        await trail.KeepAsync(recorder, SealedTrail.Child, trail.Batch(3));
        await Sealer(kept).SealAsync(before.Time!.Value, Ct);
        (await kept.Log.EndAsync(Ct)).ShouldBe(before);

        await Sealer(kept).SealAsync(before.Time!.Value.AddSeconds(1), Ct);
        (await kept.Log.EndAsync(Ct)).Epoch.ShouldBe(before.Epoch + 1);
    });

    [Fact]
    public Task Two_sealers_at_once_seal_once() => trail.WorkAsync(async (kept, recorder) =>
    {
        await trail.KeepAsync(recorder, SealedTrail.Child, trail.Batch(40));
        var before = await kept.Log.EndAsync(Ct);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Sealer(kept).SealAsync(DateTimeOffset.MaxValue, Ct)));

        (await kept.Log.EndAsync(Ct)).Epoch.ShouldBe(before.Epoch + 1);
        (await trail.VerifyAsync()).Findings.ShouldBeEmpty();
    });

    // A crash between the log and the signature.
    [Fact]
    public async Task Heads_that_nobody_signed_are_signed_by_the_next_seal()
    {
        var newest = trail.Witness.Held.Keys.Last();
        trail.Alter("DELETE FROM checkpoint WHERE size = $1", newest);
        trail.Witness.Held.Remove(newest);
        (await trail.VerifyAsync()).Findings.ShouldHaveSingleItem().Check.ShouldBe("UNSEALED");

        await trail.WorkAsync((kept, _) => trail.SealAsync(kept));

        trail.Witness.Held.Keys.Last().ShouldBe(newest);
        (await trail.VerifyAsync()).Findings.ShouldBeEmpty();
    }

    [Fact]
    public Task A_paused_sealer_does_not_take_a_checkpoint_back() => trail.WorkAsync(async (kept, _) =>
    {
        var newest = (await kept.Log.NewestCheckpointAsync(Ct)).ShouldNotBeNull();
        await kept.Log.PublishAsync(trail.Witness.Held.Values.First(), Ct);

        (await kept.Log.NewestCheckpointAsync(Ct)).ShouldNotBeNull().Checkpoint.ShouldBe(newest.Checkpoint);
    });

    [Fact]
    public async Task Nothing_is_signed_by_a_clock_that_was_set_back()
    {
        trail.Time.Now -= TimeSpan.FromHours(2);

        var refused = await Should.ThrowAsync<AfterimageException>(() => trail.WorkAsync((kept, _) => trail.SealAsync(kept)));
        refused.Message.ShouldContain("set back");
        refused.Hint.ShouldContain("clock");
    }

    [Fact]
    public Task A_clock_that_was_set_back_a_little_dates_seals_alike() => trail.WorkAsync(async (kept, recorder) =>
    {
        var before = await kept.Log.EndAsync(Ct);
        await trail.KeepAsync(recorder, SealedTrail.Child, trail.Batch(1));
        trail.Time.Now = before.Time!.Value.AddMinutes(-3);
        await trail.SealAsync(kept);

        (await kept.Log.EndAsync(Ct)).Time.ShouldBe(before.Time);
        (await trail.VerifyAsync()).IsAltered.ShouldBeFalse();
    });

    [Fact]
    public async Task What_was_altered_before_it_was_sealed_is_not_signed()
    {
        await trail.WorkAsync((_, recorder) => trail.KeepAsync(recorder, SealedTrail.Child, trail.Batch(5)));
        var (no, _) = trail.Find(SealedTrail.Child, 39);
        trail.AlterBlock(no, (texts, _) => texts[0][10] ^= 1);

        var refused = await Should.ThrowAsync<AfterimageException>(() => trail.WorkAsync((kept, _) => trail.SealAsync(kept)));
        refused.Message.ShouldContain("was altered before it was sealed");
    }

    [Fact]
    public async Task Another_history_under_the_same_name_is_not_signed_beside_a_witness()
    {
        await using var other = await SealedTrail.FillAsync(22);
        using var witness = new MemoryWitness();
        foreach (var (size, held) in other.Witness.Held)
        {
            witness.Held.Add(size, held);
        }

        var refused = await Should.ThrowAsync<AfterimageException>(
            () => trail.WorkAsync((kept, _) => new Sealer(kept, SealedTrail.Name, trail.Key, [witness], trail.Time).SealAsync(DateTimeOffset.MaxValue, Ct)));
        refused.Message.ShouldContain("two histories");
    }

    [Fact]
    public async Task Another_key_than_the_one_a_trail_was_begun_with_signs_nothing()
    {
        using var other = new MemoryKey();
        await trail.WorkAsync((_, recorder) => trail.KeepAsync(recorder, SealedTrail.Child, trail.Batch(5)));

        var refused = await Should.ThrowAsync<AfterimageException>(
            () => trail.WorkAsync((kept, _) => new Sealer(kept, SealedTrail.Name, other, [], trail.Time).SealAsync(DateTimeOffset.MaxValue, Ct)));
        refused.Message.ShouldContain("another key");
        (await trail.VerifyAsync()).IsAltered.ShouldBeFalse();
    }

    [Fact]
    public async Task What_is_kept_and_not_sealed_for_long_is_reported_and_no_alteration()
    {
        await trail.WorkAsync((_, recorder) => trail.KeepAsync(recorder, SealedTrail.Child, trail.Batch(5)));
        trail.Time.Now += TimeSpan.FromMinutes(1);

        var verified = await trail.VerifyAsync();

        verified.Result.ShouldBe("intact, incomplete: UNSEALED");
        verified.Findings.ShouldHaveSingleItem().What.ShouldStartWith("5 leaves lie behind the last seal");
    }

    [Fact]
    public async Task A_trail_that_nobody_looks_after_is_stale()
    {
        trail.Time.Now += TimeSpan.FromHours(3);

        (await trail.VerifyAsync()).Findings.ShouldHaveSingleItem().Check.ShouldBe("STALE");
    }

    [Fact]
    public async Task A_gap_that_nobody_acknowledged_leaves_the_trail_incomplete()
    {
        await trail.WorkAsync(async (kept, recorder) =>
        {
            var gap = new ShardGap(FakeStream.Arn, new(SealedTrail.Child), null, null, GapCause.ShardGone, GapCertainty.Possible, trail.Time.Now);
            await trail.KeepAsync(recorder, SealedTrail.Child, [], ends: true, gap: gap);
            await trail.SealAsync(kept);
        });

        var verified = await trail.VerifyAsync();

        verified.Result.ShouldBe("intact, incomplete: GAP");
        verified.Findings.ShouldHaveSingleItem().What.ShouldContain("changes may be missing");
    }

    private Sealer Sealer(ITrail kept) => new(kept, SealedTrail.Name, trail.Key, [trail.Witness], trail.Time);
}
