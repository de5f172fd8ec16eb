using Afterimage.Relay;

namespace Afterimage.Tests.Relay;

public sealed class SendWindowTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void What_waits_behind_a_refused_entry_of_its_item_wakes_nobody()
    {
        var window = new SendWindow(new SinkLimits(10, 1_000_000, 100_000) { TakesSome = true }, new SinkOptions("test:sink"));
        var one = Outgoing.Of(Outgoing.Entry(1));
        window.Add(new PendingEntry(one, "1", Noon) { NotBefore = Noon.AddSeconds(5) });
        window.Add(new PendingEntry(one, "2", Noon));

        window.Take(Noon, isLast: true).ShouldBeEmpty();
        window.WakesAt().ShouldBe(Noon.AddSeconds(5));

        window.Add(new PendingEntry(Outgoing.Of(Outgoing.Entry(2)), "1", Noon.AddSeconds(1)));
        window.WakesAt().ShouldBe(Noon.AddSeconds(1));
    }
}
