using System.Text;
using Afterimage.Proof;
using Afterimage.Trail.Bodies;
using Afterimage.Verifying;

namespace Afterimage.Tests.Verifying;

public sealed class BodyShapeTests
{
    [Theory]
    [InlineData("view")]
    [InlineData("{\"view\":7}")]
    [InlineData("{\"eventId\":\"1\"")]
    public void An_envelope_that_is_none_is_told_as_such(string envelope)
    {
        var body = new BodyWriter();
        body.BeginWhole(BodyFlags.None, new byte[ShardSalts.SecretSize], Encoding.UTF8.GetBytes(envelope));

        var leaf = ShardLeaf.Read("{\"at\":1795302519,\"eid\":\"9k3v0000000000000000000000\",\"i\":5,\"item\":\"hQd/GHGqLOn++bYbimwXkTxU893ja+n0BMhGokERqMA=\",\"op\":\"INSERT\",\"seq\":\"1\",\"t\":\"entry\"}"u8);
        var stored = StoredBody.Read(body.Written.ToArray());

        var error = Should.Throw<FormatException>(() => BodyShape.Problem(leaf, stored));

        error.Message.ShouldContain("envelope");
    }
}
