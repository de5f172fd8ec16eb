using System.Diagnostics;
using Afterimage.Stamp;
using Afterimage.Tests.Support;

namespace Afterimage.Tests.Stamp;

public sealed class AuditScopeTests
{
    [Fact]
    public void An_inner_scope_wins_and_inherits_what_it_does_not_say()
    {
        using var outer = AuditScope.Begin(actor: "alice", service: "orders-api");
        using var inner = AuditScope.Begin(actor: "bob", reason: "refund 77");

        AuditScope.Current.ShouldBe(new Author("bob", "orders-api", "refund 77"));
    }

    [Fact]
    public void Disposing_a_scope_brings_back_the_one_around_it()
    {
        using (AuditScope.Begin(actor: "alice"))
        {
            using (AuditScope.Begin(actor: "bob"))
            {
            }

            AuditScope.Current.ShouldBe(new Author("alice"));
        }

        AuditScope.Current.ShouldBeNull();
    }

    [Fact]
    public void Scopes_may_be_disposed_out_of_order()
    {
        var outer = AuditScope.Begin(actor: "alice");
        var inner = AuditScope.Begin(reason: "refund 77");

        outer.Dispose();
        AuditScope.Current.ShouldBe(new Author("alice", reason: "refund 77"));

        inner.Dispose();
        AuditScope.Current.ShouldBeNull();
        outer.Dispose();
        AuditScope.Current.ShouldBeNull();
    }

    [Fact]
    public async Task A_scope_flows_through_awaits_and_into_tasks()
    {
        using var scope = AuditScope.Begin(actor: "alice");
        await Task.Yield();

        AuditScope.Current.ShouldBe(new Author("alice"));
        (await Task.Run(() => AuditScope.Current, TestContext.Current.CancellationToken)).ShouldBe(new Author("alice"));
    }

    [Fact]
    public async Task A_scope_that_a_task_opens_is_not_seen_by_its_caller()
    {
        await OpenAsync();

        AuditScope.Current.ShouldBeNull();

        static async Task OpenAsync()
        {
            await Task.Yield();
            AuditScope.Begin(actor: "alice");
        }
    }

    [Fact]
    public async Task A_scope_that_was_disposed_elsewhere_names_nobody_any_more()
    {
        var scope = AuditScope.Begin(actor: "alice");
        await Task.Run(scope.Dispose, TestContext.Current.CancellationToken);

        AuditScope.Current.ShouldBeNull();
    }

    [Fact]
    public async Task A_task_that_outlives_its_scope_names_nobody_rather_than_one_from_before()
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var scope = AuditScope.Begin(actor: "alice");
        var late = Task.Run(async () =>
        {
            await ended.Task;
            return AuditScope.Current;
        });
        scope.Dispose();
        ended.SetResult();

        (await late).ShouldBeNull();
    }

    [Fact]
    public void What_is_empty_says_nothing()
    {
        using var outer = AuditScope.Begin(actor: "alice");
        using var inner = AuditScope.Begin(actor: "", service: "");

        AuditScope.Current.ShouldBe(new Author("alice"));
    }

    [Fact]
    public void The_request_is_the_trace_that_is_current_when_something_is_written()
    {
        using var scope = AuditScope.Begin(actor: "alice");
        using var activity = Started();

        Stamper().CurrentAuthor()!.Request.ShouldBe(activity.TraceId.ToHexString());
    }

    [Fact]
    public void A_request_that_is_given_wins_over_the_trace()
    {
        using var scope = AuditScope.Begin(actor: "alice", request: "ticket 12");
        using var activity = Started();

        Stamper().CurrentAuthor()!.Request.ShouldBe("ticket 12");
    }

    [Fact]
    public void Without_a_scope_the_service_is_all_that_is_known() =>
        Stamper(new() { Service = "orders-api" }).CurrentAuthor().ShouldBe(new Author(service: "orders-api"));

    [Fact]
    public void Without_a_scope_a_write_can_be_left_alone() =>
        Stamper(new() { WithoutScope = WithoutScope.LeaveAlone }).CurrentAuthor().ShouldBeNull();

    [Fact]
    public void Without_a_scope_a_write_can_be_refused() =>
        Should.Throw<InvalidOperationException>(() => Stamper(new() { WithoutScope = WithoutScope.Throw }).CurrentAuthor())
            .Message.ShouldContain("AuditScope.Begin");

    private static Activity Started()
    {
        var activity = new Activity("refund");
        activity.SetIdFormat(ActivityIdFormat.W3C);
        activity.Start();
        return activity;
    }

    private static Stamper Stamper(StampOptions? options = null) =>
        new((options ?? new StampOptions()) with { Time = new SetTime(DateTimeOffset.UnixEpoch) });
}
