using Afterimage.Stamp;
using Afterimage.Tests.Support;

namespace Afterimage.Tests.Stamp;

public sealed class TransactionTokensTests
{
    private readonly SetTime time = new(DateTimeOffset.UnixEpoch);

    [Fact]
    public void A_repeat_is_stamped_as_the_first_was()
    {
        var tokens = new TransactionTokens(time);
        var first = tokens.First("t", new Author("alice", request: "1"));
        time.Now += TimeSpan.FromMinutes(9);

        tokens.First("t", new Author("alice", request: "2")).ShouldBe(first);
    }

    [Fact]
    public void A_token_is_forgotten_when_DynamoDB_has_forgotten_it()
    {
        var tokens = new TransactionTokens(time);
        tokens.First("t", new Author("alice"));
        time.Now += TimeSpan.FromMinutes(11);

        tokens.First("t", new Author("bob")).ShouldBe((new Author("bob"), time.Now));
    }

    [Fact]
    public void Nonces_follow_from_the_token_and_the_position()
    {
        TransactionTokens.Nonce("token-1", 0).ShouldBe("gOepwQi8mxs5_v51a93tIw");
        TransactionTokens.Nonce("token-1", 1).ShouldNotBe("gOepwQi8mxs5_v51a93tIw");
    }
}
