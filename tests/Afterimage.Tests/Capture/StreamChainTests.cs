using Afterimage.Capture;
using Afterimage.Streams.Records;

namespace Afterimage.Tests.Capture;

/// <summary>Which streams of a table are still to be read, and in which order.</summary>
public sealed class StreamChainTests
{
    [Fact]
    public void A_table_that_is_new_is_read_from_the_stream_it_names() => Chain([], null, [], latest: 3).ShouldBe("3");

    [Fact]
    public void A_stream_that_was_begun_has_nothing_before_it() => Chain([Read(1), Unread(3)], noted: 3, [], latest: 3).ShouldBe("3");

    [Fact]
    public void Pain_11_a_re_enabled_stream_comes_after_the_one_before() => Chain([Unread(1)], noted: 1, [], latest: 3).ShouldBe("1, 3 after 1");

    [Fact]
    public void The_stream_before_is_named_also_when_all_that_was_begun_of_it_is_read() => Chain([Read(1)], noted: 1, [], latest: 3).ShouldBe("1, 3 after 1");

    [Fact]
    public void Streams_that_came_and_went_while_nobody_looked_are_read_in_their_order() =>
        Chain([Unread(2)], noted: 2, listed: [4, 1, 5, 3, 2], latest: 5).ShouldBe("2, 3 after 2, 4 after 3, 5 after 4");

    [Fact]
    public void A_stream_older_than_what_the_trail_knows_was_never_asked_for() => Chain([Unread(3)], noted: 3, listed: [1, 3], latest: 3).ShouldBe("3");

    [Fact]
    public void Of_a_table_that_is_gone_the_last_stream_is_read_on() => Chain([Unread(1)], noted: 1, listed: [1, 2], latest: null).ShouldBe("1, 2 after 1");

    [Fact]
    public void A_stream_that_was_noted_and_not_begun_comes_after_the_one_that_was() => Chain([Read(1)], noted: 2, [], latest: 2).ShouldBe("1, 2 after 1");

    [Fact]
    public void What_an_older_program_left_unread_is_read_first() => Chain([Unread(1), Unread(2)], noted: 2, [], latest: 2).ShouldBe("1, 2 after 1");

    private static string Chain(KnownStream[] known, int? noted, int[] listed, int? latest) => string.Join(", ", StreamChain
        .Of(known, noted is { } one ? Arn(one) : null, [.. listed.Select(Arn)], latest is { } newest ? Arn(newest) : null)
        .Select(link => link.Previous is { } before ? $"{Day(link.Stream)} after {Day(before)}" : Day(link.Stream)));

    private static KnownStream Read(int day) => new(Arn(day), IsFinished: true, null);

    private static KnownStream Unread(int day) => new(Arn(day), IsFinished: false, null);

    private static StreamArn Arn(int day) => new($"arn:aws:dynamodb:us-east-1:123456789012:table/Orders/stream/2026-11-0{day}T00:00:00.000");

    private static string Day(StreamArn stream) => stream.Label[9..10];
}
