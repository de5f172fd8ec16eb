using System.Buffers;
using System.Globalization;
using System.Text;
using Afterimage.Entries;
using Afterimage.Proof;
using Afterimage.Trail;

namespace Afterimage.Sealing;

/// <summary>
/// Puts the heads of the trees that grew into the trail's log and signs where it ends. Off the write path: entries are durable before, and are sealed a little later.
/// Any number of sealers may be at work on a trail; what they add is added on a condition, so that one of them adds it.
/// </summary>
/// <param name="trail">The trail.</param>
/// <param name="name">Its name, which it is signed under.</param>
/// <param name="key">What signs.</param>
/// <param name="witnesses">Who holds what was signed.</param>
/// <param name="time">The clock that seals are dated by.</param>
public sealed class Sealer(ITrail trail, string name, ISigningKey key, IReadOnlyList<IWitness> witnesses, TimeProvider time)
{
    /// <summary>A trail that is looked after is sealed this often, whether it has grown or not.</summary>
    public static readonly TimeSpan SealAtLeastEvery = TimeSpan.FromHours(1);

    /// <summary>How far a clock may be set back before nothing is sealed by it.</summary>
    public static readonly TimeSpan ClockSkewMax = TimeSpan.FromMinutes(5);

    private readonly GrowthCheck check = new(trail.Log);
    private readonly Dictionary<IWitness, long> witnessed = [];

    /// <summary>Seals what has grown, if anything has or the last seal is old.</summary>
    /// <param name="unlessSealedSince">Leaves it to another sealer if one has sealed since this moment.</param>
    /// <param name="ct">Gives up; heads that are in the log by then are signed by the next seal.</param>
    /// <exception cref="AfterimageException">Nothing is signed: the trail does not fit what was sealed or witnessed before, or the clock, the key or a witness does not do.</exception>
    public async Task SealAsync(DateTimeOffset unlessSealedSince, CancellationToken ct)
    {
        var end = await trail.Log.EndAsync(ct);
        if (end.Time >= unlessSealedSince)
        {
            return;
        }

        var verifier = await key.VerifierAsync(name, ct);
        var now = Now(end);
        await RefuseOtherKeyAsync(verifier, ct);
        await RefuseToForgetAsync(end, ct);

        // What was put into the log by one who got no further is signed first: a log never goes back.
        await PublishAsync(end.Tree, verifier, ct);
        var (trees, rules) = await check.ReplayAsync(await trail.Log.GrownAsync(ct), ct);
        if (trees.Count == 0 && now - end.Time < SealAtLeastEvery)
        {
            return;
        }

        if (rules.Count > 0)
        {
            await trail.Log.NoteRulesAsync(rules, now, ct);
            var administration = (await trail.Log.GrownAsync(ct)).Where(tree => tree.Name == TreeName.Administration);
            trees = [.. trees.Where(tree => tree.Tree.Name != TreeName.Administration), .. (await check.ReplayAsync([.. administration], ct)).Trees];
        }

        // A crash before the log has the heads leaves nothing, one between this and the end leaves heads that the next seal signs.
        var append = Append(end, trees, now);
        if (await trail.Log.TryAppendAsync(append, ct))
        {
            await PublishAsync(append.After.Tree, verifier, ct);
        }
    }

    private DateTimeOffset Now(LogEnd end)
    {
        var now = DateTimeOffset.FromUnixTimeSeconds(time.GetUtcNow().ToUnixTimeSeconds());
        return end.Time is not { } last || now >= last ? now : last - now <= ClockSkewMax ? last : throw new AfterimageException(
            string.Create(CultureInfo.InvariantCulture, $"The clock says {now:u}, and the trail {trail.Uri} was sealed at {last:u}. Nothing is sealed by a clock that was set back."),
            "Set the clock of this machine. If it was the earlier seal that was dated wrongly, sealing goes on once that moment has come, or in a new trail.");
    }

    // A key that was made in the wrong folder would sign what nobody who was given the trail's own can check.
    private async Task RefuseOtherKeyAsync(VerifierKey verifier, CancellationToken ct)
    {
        if (await trail.Log.NewestCheckpointAsync(ct) is { } newest && !newest.IsSignedBy(verifier))
        {
            throw new AfterimageException(
                $"The trail {trail.Uri} was sealed with another key than {verifier}. Nothing is signed.",
                "A trail keeps its key: name the one it was begun with as proof.key, where a file is looked for from the folder in which afterimage is started.");
        }
    }

    // Signing a shorter log than a witness has seen would hide what was cut off. A log that ends where this sealer left it was not put back.
    private async Task RefuseToForgetAsync(LogEnd end, CancellationToken ct)
    {
        foreach (var witness in witnesses.Where(witness => !witnessed.TryGetValue(witness, out var size) || size != end.Tree.Size))
        {
            if (await witness.NewestAsync(end.Tree.Size, ct) is { } ahead)
            {
                throw new AfterimageException(
                    $"The witness {witness.Uri} has seen the log of {trail.Uri} at size {ahead.Checkpoint.Size}, and it ends at {end.Tree.Size}: an older state of the trail was put back. Nothing is signed.",
                    "Put the newest state back. If there is none any more, keep this trail for questions and let run go on in a new one, with another --trail, proof.origin and witness: "
                    + "what the streams still hold is read again there.");
            }
        }
    }

    private async Task PublishAsync(TreeState log, VerifierKey verifier, CancellationToken ct)
    {
        if (log.Size == 0)
        {
            return;
        }

        var known = await trail.Log.NewestCheckpointAsync(ct);
        var signed = known?.Checkpoint.Size == log.Size && known.IsSignedBy(verifier) ? known : await SignAsync(new Checkpoint(name, log.Size, log.Root()), verifier, ct);
        await trail.Log.PublishAsync(signed, ct);
        foreach (var witness in witnesses.Where(witness => witnessed.GetValueOrDefault(witness) < log.Size))
        {
            var held = await witness.WitnessAsync(signed, ct);
            if (held.Checkpoint != signed.Checkpoint)
            {
                throw new AfterimageException(
                    $"The witness {witness.Uri} has another log at size {log.Size} than {trail.Uri}: there are two histories under the name {name}.",
                    "Find out where the other one comes from; afterimage verify shows which of them this trail is. Two trails need two names (proof.origin).");
            }

            witnessed[witness] = log.Size;
        }
    }

    private async Task<SignedCheckpoint> SignAsync(Checkpoint checkpoint, VerifierKey verifier, CancellationToken ct) =>
        SignedCheckpoint.Of(checkpoint, verifier, await key.SignAsync(checkpoint.ToText(), ct));

    private static LogAppend Append(LogEnd before, IEnumerable<ReplayedTree> trees, DateTimeOffset now)
    {
        var tree = before.Tree;
        var leaves = new List<LogText>();
        foreach (var (grown, rules) in trees.OrderBy(tree => tree.Tree.Name.Value, StringComparer.Ordinal))
        {
            var head = new LogLeaf.Head(grown.Name.Value, grown.Tree.Size, grown.Tree.Root(), grown.IsEnd);
            Add(head, CanonicalText.Of(grown.Name.Value), new SealedTree(grown.Name, grown.Tree, rules));
        }

        Add(new LogLeaf.Epoch(before.Epoch + 1, now), string.Empty, null);
        return new LogAppend(before, new LogEnd(tree, before.Epoch + 1, now), leaves);

        void Add(LogLeaf leaf, string shard, SealedTree? head)
        {
            var text = new ArrayBufferWriter<byte>();
            tree = tree.Append(leaf.Write(text, Encoding.UTF8.GetBytes(shard)));
            leaves.Add(new LogText(text.WrittenMemory, head));
        }
    }
}
