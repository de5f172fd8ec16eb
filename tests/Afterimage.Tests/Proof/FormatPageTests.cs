using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Afterimage.Proof;
using Afterimage.Tests.Tidy;

namespace Afterimage.Tests.Proof;

/// <summary>The worked example of docs/format.md: what goes in is read from the page, and what comes out must be on the page.</summary>
public sealed class FormatPageTests
{
    private static readonly Dictionary<string, string> Page = Repository.Files
        .Single(file => file.Path == "docs/format.md")
        .Text
        .Split("## An example")[1]
        .Split('\n')
        .Where(line => line.StartsWith("    ", StringComparison.Ordinal))
        .ToDictionary(line => line[4..20].Trim(), line => line[20..].Trim(), StringComparer.Ordinal);

    [Fact]
    public void The_salts_and_digests_of_the_example_are_right()
    {
        using var commitment = Commit();

        Convert.ToHexStringLower(commitment.Secret).ShouldBe(Page["entry salt"]);
        commitment.Count.ShouldBe(5);
        for (var rank = 0; rank < commitment.Count; rank++)
        {
            Encoding.UTF8.GetString(commitment.Text(rank)).ShouldBe(Page[$"disclosure {rank}"]);
            commitment.Digest(rank).ToString().ShouldBe(Page[$"digest {rank}"]);
        }

        var sorted = Enumerable.Range(0, commitment.Count).Select(rank => commitment.Digest(rank).ToString()[..8]).Order(StringComparer.Ordinal);
        string.Join(' ', sorted).ShouldBe(Page["sorted"]);
    }

    [Fact]
    public void The_leaves_and_the_root_of_the_example_are_right()
    {
        using var commitment = Commit();
        using var entry = JsonDocument.Parse(Page["leaf 1"]);
        using var open = JsonDocument.Parse(Page["leaf 0"]);
        var text = new ArrayBufferWriter<byte>();

        var opened = LeafText.WriteOpen(text, Raw(open, "trail"), Raw(open, "stream"), Raw(open, "shard"), ShardParent.Beginning);
        var end = text.WrittenCount;
        var changed = LeafText.WriteEntry(
            text,
            long.Parse(Raw(entry, "at"), CultureInfo.InvariantCulture),
            Raw(entry, "eid").AsSpan()[1..^1],
            1,
            commitment.Item,
            Raw(entry, "op").AsSpan()[1..^1],
            Raw(entry, "seq").AsSpan()[1..^1]);

        Encoding.UTF8.GetString(text.WrittenSpan[..end]).ShouldBe(Page["leaf 0"]);
        Encoding.UTF8.GetString(text.WrittenSpan[end..]).ShouldBe(Page["leaf 1"]);
        opened.ToString().ShouldBe(Page["leaf hash 0"]);
        changed.ToString().ShouldBe(Page["leaf hash 1"]);
        TreeState.Empty.Append(opened, changed).Root().ToString().ShouldBe(Page["root"]);
    }

    private static EntryCommitment Commit()
    {
        using var salts = new ShardSalts(Convert.FromHexString(Page["K"]));
        var secret = new byte[ShardSalts.SecretSize];
        salts.Derive(Encoding.ASCII.GetBytes(Page["seq"]), secret);

        var commitment = new EntryCommitment();
        commitment.Begin(secret, Part(0, 2));
        for (var rank = 1; Page.ContainsKey($"disclosure {rank}"); rank++)
        {
            if (Part(rank, 3) is { Length: > 0 } after)
            {
                commitment.Add(Part(rank, 1), Part(rank, 2), after);
            }
            else
            {
                commitment.AddUnchanged(Part(rank, 1), Part(rank, 2));
            }
        }

        commitment.Finish();
        return commitment;
    }

    /// <summary>An element of a disclosure on the page; empty where it is null or not there.</summary>
    private static byte[] Part(int rank, int at)
    {
        using var disclosure = JsonDocument.Parse(Page[$"disclosure {rank}"]);
        return disclosure.RootElement.EnumerateArray().Skip(at).Take(1).Where(part => part.ValueKind != JsonValueKind.Null)
            .Select(part => Encoding.UTF8.GetBytes(part.GetRawText())).FirstOrDefault() ?? [];
    }

    private static byte[] Raw(JsonDocument leaf, string name) => Encoding.UTF8.GetBytes(leaf.RootElement.GetProperty(name).GetRawText());
}
