namespace Afterimage.Tests.Verifying;

/// <summary>Trails that nobody altered.</summary>
public sealed class SoundTrailTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_trail_that_was_filled_and_sealed_is_intact_and_complete(int seed)
    {
        await using var sealedTrail = await SealedTrail.FillAsync(seed);

        var verified = await sealedTrail.VerifyAsync();

        verified.Findings.ShouldBeEmpty();
        verified.Result.ShouldBe("intact and complete");
        verified.Entries.ShouldBe(30 + 21 + 70 + 25 + 11 + 1);
    }

    [Fact]
    public async Task So_is_one_that_grows_and_is_sealed_while_it_is_checked()
    {
        await using var sealedTrail = await SealedTrail.FillAsync(5);
        using var end = new CancellationTokenSource();
        var working = sealedTrail.WorkAsync(async (trail, recorder) =>
        {
            while (!end.IsCancellationRequested)
            {
                await sealedTrail.KeepAsync(recorder, SealedTrail.Child, sealedTrail.Batch(10));
                await sealedTrail.SealAsync(trail);
            }
        });
        for (var round = 0; round < 10; round++)
        {
            var verified = await sealedTrail.VerifyAsync();
            verified.IsAltered.ShouldBeFalse(string.Join('\n', verified.Findings));
        }

        await end.CancelAsync();
        await working;
        (await sealedTrail.VerifyAsync()).Result.ShouldBe("intact and complete");
    }

    [Fact]
    public async Task So_is_one_of_a_table_of_which_nothing_is_configured()
    {
        await using var sealedTrail = await SealedTrail.FillAsync(4);
        sealedTrail.Rules = Afterimage.Entries.TableRules.None;
        await sealedTrail.WorkAsync(async (trail, recorder) =>
        {
            await sealedTrail.KeepAsync(recorder, SealedTrail.Child, sealedTrail.Batch(200));
            await sealedTrail.SealAsync(trail);
        });

        (await sealedTrail.VerifyAsync()).Findings.ShouldBeEmpty();
        sealedTrail.Alter("UPDATE entry SET action = 2 WHERE no = (SELECT max(no) FROM entry WHERE action <> 2)");
        await sealedTrail.FoundAsync("DERIVED", "action");
    }

    [Fact]
    public async Task So_is_one_of_which_something_was_redacted()
    {
        await using var sealedTrail = await SealedTrail.FillAsync(3, "/a", "/status", "/b/c");

        (await sealedTrail.VerifyAsync()).Findings.ShouldBeEmpty();
    }
}
