using System.Text;
using Afterimage.Proof;

namespace Afterimage.Tests.Proof;

public sealed class SignedCheckpointTests : IDisposable
{
    private const string Text = "audit.example.com/orders\n9\nJXuwG8wdKykCirMJm3BVtpIY72KI81mepVOK5KTayF4=\n";

    private readonly SampleKey key = new();

    public void Dispose() => key.Dispose();

    [Fact]
    public void A_note_is_the_text_an_empty_line_and_a_line_for_each_signature()
    {
        var note = Note(key);

        note.ShouldStartWith(Text + "\n— audit.example.com/orders ");
        Convert.FromBase64String(note[..^1].Split(' ')[^1])[..4].ShouldBe(Convert.FromHexString(key.Verifier.ToString().Split('+')[1]));
        note.Count('\n').ShouldBe(5);
        Read(note).IsSignedBy(key.Verifier).ShouldBeTrue();
        Read(note).Checkpoint.ShouldBe(Checkpoint.Read(Encoding.UTF8.GetBytes(Text)));
        Encoding.UTF8.GetString(Read(note).Note.Span).ShouldBe(note);
    }

    [Fact]
    public void A_signature_counts_for_its_own_text_name_and_key_alone()
    {
        using var other = new SampleKey(2);
        using var renamed = new SampleKey(1, "audit.example.com/others");
        var note = Note(key);

        Read(note).IsSignedBy(other.Verifier).ShouldBeFalse();
        Read(note).IsSignedBy(renamed.Verifier).ShouldBeFalse();
        Read(Note(renamed)).IsSignedBy(key.Verifier).ShouldBeFalse();
        Read(Note(renamed)).IsSignedBy(renamed.Verifier).ShouldBeFalse("the checkpoint is of another trail than the key");
        Read(note.Replace("\n9\n", "\n8\n", StringComparison.Ordinal)).IsSignedBy(key.Verifier).ShouldBeFalse();
    }

    [Fact]
    public void Signatures_of_others_are_passed_over_wherever_they_stand()
    {
        using var witness = new SampleKey(7, "witness.example.com");
        using var namesake = new SampleKey(8);
        var (ours, others) = (Note(key)[(Text.Length + 1)..], Note(witness)[(Text.Length + 1)..] + Note(namesake)[(Text.Length + 1)..]);

        Read($"{Text}\n{ours}{others}").IsSignedBy(key.Verifier).ShouldBeTrue();
        Read($"{Text}\n{others}{ours}").IsSignedBy(key.Verifier).ShouldBeTrue();
        Read($"{Text}\n{others}").IsSignedBy(key.Verifier).ShouldBeFalse();
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("\n\n")]
    [InlineData(Text)]
    [InlineData(Text + "\n")]
    [InlineData(Text + "\n\n")]
    [InlineData(Text + "\n— name AAAAAAA=")]
    [InlineData(Text + "— name AAAAAAA=\n")]
    [InlineData(Text + "\n- name AAAAAAA=\n")]
    [InlineData(Text + "\n—name AAAAAAA=\n")]
    [InlineData(Text + "\n—  AAAAAAA=\n")]
    [InlineData(Text + "\n— name\n")]
    [InlineData(Text + "\n— name AAAAAA==\n")]
    [InlineData(Text + "\n— name AAAAAAB=\n")]
    [InlineData(Text + "\n— name AAAAAAA= \n")]
    [InlineData(Text + "\n— name AAAAAAA=\r\n")]
    [InlineData(Text + "\n— name AAAAAAA=\n\n")]
    [InlineData(Text + "\n— name AAAAAAA=\nmore\n")]
    [InlineData(Text + "\n\n— name AAAAAAA=\n")]
    [InlineData("no checkpoint\n\n— name AAAAAAA=\n")]
    public void What_is_no_signed_checkpoint_is_refused(string note) => Should.Throw<FormatException>(() => Read(note));

    [Fact]
    public void A_note_that_is_cut_short_is_refused_at_every_length()
    {
        var note = Encoding.UTF8.GetBytes(Note(key));

        for (var length = 0; length < note.Length; length++)
        {
            Should.Throw<FormatException>(() => SignedCheckpoint.Read(note.AsSpan(0, length)), $"{length} bytes");
        }
    }

    private static string Note(SampleKey signer) => Encoding.UTF8.GetString(
        SignedCheckpoint.Of(Checkpoint.Read(Encoding.UTF8.GetBytes(Text)), signer.Verifier, signer.Sign(Encoding.UTF8.GetBytes(Text))).Note.Span);

    private static SignedCheckpoint Read(string note) => SignedCheckpoint.Read(Encoding.UTF8.GetBytes(note));
}
