using Afterimage.Entries;
using Afterimage.Relay;
using Afterimage.Relay.Sinks;

namespace Afterimage.Tests.Relay.Sinks;

public sealed class ConsoleSinkTests
{
    [Fact]
    public async Task Entries_are_shown_in_the_order_of_the_batch()
    {
        var shown = new List<AuditEntry>();
        await using var sink = new ConsoleSink("console:", Sites.At(show: shown.AddRange));
        var batch = Outgoing.Some(3);

        (await sink.SendAsync(batch, TestContext.Current.CancellationToken)).ShouldBe([Delivery.Done, Delivery.Done, Delivery.Done]);

        shown.ShouldBe(batch.Select(outgoing => outgoing.Entry));
    }

    [Fact]
    public async Task An_output_that_nobody_reads_any_more_is_down()
    {
        await using var sink = new ConsoleSink("console:", Sites.At(show: _ => throw new IOException("Broken pipe")));

        (await Should.ThrowAsync<SinkException>(() => sink.SendAsync(Outgoing.Some(1), TestContext.Current.CancellationToken))).IsDown.ShouldBeTrue();
    }
}
