using Afterimage.Streams.Reading;

namespace Afterimage.Tests.Streams.Reading;

public sealed class PacingTests
{
    private static readonly TimeSpan Noon = TimeSpan.FromHours(12);

    [Fact]
    public void After_a_full_page_the_next_is_read_at_once() => Pacing.AfterRecords(fullPage: true).Pause.ShouldBe(TimeSpan.Zero);

    [Fact]
    public void While_records_flow_a_shard_is_read_five_times_a_second() => Pacing.AfterRecords(fullPage: false).Pause.ShouldBe(TimeSpan.FromMilliseconds(200));

    [Fact]
    public void A_silent_shard_is_read_ever_less_often_down_to_the_latency_that_was_asked_for()
    {
        var pauses = Pauses(reads: 6, apart: TimeSpan.FromSeconds(1));

        pauses.Select(pause => pause.TotalMilliseconds).ShouldBe([200, 400, 800, 1000, 1000, 1000]);
    }

    [Fact]
    public void After_ten_silent_minutes_a_shard_is_idle() =>
        Pauses(reads: 3, apart: TimeSpan.FromMinutes(5)).Last().ShouldBe(TimeSpan.FromSeconds(5));

    [Fact]
    public void One_empty_read_is_no_sign_of_quiet()
    {
        var (pacing, _) = Pacing.Start.AfterEmpty(Noon, PacingOptions.Default);

        pacing.IsQuiet(Noon + TimeSpan.FromHours(1), TimeSpan.FromSeconds(2)).ShouldBeFalse();
    }

    [Fact]
    public void Several_empty_reads_over_long_enough_are()
    {
        var pacing = Pacing.Start;
        for (var read = 0; read < 3; read++)
        {
            (pacing, _) = pacing.AfterEmpty(Noon + TimeSpan.FromSeconds(read), PacingOptions.Default);
        }

        pacing.IsQuiet(Noon + TimeSpan.FromSeconds(1.9), TimeSpan.FromSeconds(2)).ShouldBeFalse();
        pacing.IsQuiet(Noon + TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2)).ShouldBeTrue();
    }

    [Fact]
    public void Failures_back_off_with_jitter_up_to_half_a_minute()
    {
        var random = new Random(7);
        var pacing = Pacing.Start;
        var pauses = new List<TimeSpan>();
        for (var failure = 0; failure < 20; failure++)
        {
            (pacing, var pause) = pacing.AfterFailure(random);
            pauses.Add(pause);
        }

        pauses[0].ShouldBeInRange(TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(200));
        pauses[^1].ShouldBeInRange(TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(30));
    }

    private static List<TimeSpan> Pauses(int reads, TimeSpan apart)
    {
        var (pacing, pauses) = (Pacing.Start, new List<TimeSpan>());
        for (var read = 0; read < reads; read++)
        {
            (pacing, var pause) = pacing.AfterEmpty(Noon + (read * apart), PacingOptions.Default);
            pauses.Add(pause);
        }

        return pauses;
    }
}
