using System.Text.Json;

namespace Afterimage.Proof;

/// <summary>What the leaf of a shard says. Fields that its kind does not have are null.</summary>
internal sealed record ShardLeaf
{
    private static readonly JsonReaderOptions Strict = new() { CommentHandling = JsonCommentHandling.Disallow, MaxDepth = 2 };

    // Nearly every leaf is of a change, and has none of it.
    private Rare rare = Rare.None;

    /// <summary>What it stands for: <c>t</c>.</summary>
    public string Kind { get; private set; } = string.Empty;

    /// <summary>Its place in the tree: <c>i</c>.</summary>
    public long Index { get; private set; } = -1;

    /// <summary>When the change was made, or what is told was found, in seconds since 1970.</summary>
    public long At { get; private set; } = -1;

    /// <summary>The entry's id.</summary>
    public string? EntryId { get; private set; }

    /// <summary>INSERT, MODIFY or REMOVE.</summary>
    public string? Op { get; private set; }

    /// <summary>The sequence number.</summary>
    public string? Seq { get; private set; }

    /// <summary>The hash over what the entry discloses.</summary>
    public Sha256Hash? Item { get; private set; }

    /// <summary>The hash of a record that could not be read.</summary>
    public Sha256Hash? Sha256 => rare.Sha256;

    /// <summary>Of the first leaf: the number of the format.</summary>
    public long Encoding => rare.Encoding;

    /// <summary>Of the first leaf: the trail, the stream and the shard that it is of; the stream is null where it is of none.</summary>
    public (string? Trail, string? Arn, string? Shard) Of => rare.Of;

    /// <summary>Of the first leaf: a word, or the shard that is continued with the size and root of its tree.</summary>
    public (string? Word, string? Shard, long Size, Sha256Hash Root) Parent => rare.Parent;

    /// <summary>Of the last leaf: how many leaves lie between the first one and it.</summary>
    public long Count => rare.Count;

    /// <summary>Of a gap: why, and how sure it is that something is missing.</summary>
    public (string? Cause, string? Certainty) Missing => rare.Missing;

    /// <summary>Of a gap: the sequence numbers around it, and the table's stream before this one.</summary>
    public (string? Last, string? Next, string? Previous) Bounds => rare.Bounds;

    /// <summary>Of a lifecycle: what happened, and from where the stream is read.</summary>
    public (string? Event, string? From) Lifecycle => rare.Lifecycle;

    /// <summary>Reads a leaf.</summary>
    /// <exception cref="FormatException">It is none: something in it is double, unknown or of another kind.</exception>
    public static ShardLeaf Read(ReadOnlySpan<byte> text)
    {
        if (EntryLeafScan.TryRead(text, out var at, out var eid, out var index, out var item, out var op, out var seq))
        {
            return new ShardLeaf { Kind = "entry", At = at, EntryId = eid, Index = index, Item = item, Op = op, Seq = seq };
        }

        try
        {
            var json = new Utf8JsonReader(text, Strict);
            json.Read();
            var leaf = new ShardLeaf();
            var previous = ReadOnlySpan<byte>.Empty;
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                // The text is canonical, so that a name that is not behind the one before it is double or out of its place.
                var name = json.ValueSpan;
                if (previous.SequenceCompareTo(name) >= 0)
                {
                    throw new FormatException($"'{json.GetString()}' stands twice or out of its place.");
                }

                previous = name;
                json.Read();
                leaf.Take(name, ref json);
            }

            json.Read();
            return leaf.Kind.Length > 0 && leaf.Index >= 0 ? leaf : throw new FormatException("it does not say what it is, or where.");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw new FormatException($"Not a leaf: {e.Message}", e);
        }
    }

    private void Take(ReadOnlySpan<byte> name, ref Utf8JsonReader json)
    {
        switch (name)
        {
            case [(byte)'t']:
                Kind = json.ValueTextEquals("entry"u8) ? "entry" : json.GetString() ?? string.Empty;
                break;
            case [(byte)'i']:
                Index = json.GetInt64();
                break;
            case [(byte)'a', (byte)'t']:
                At = json.GetInt64();
                break;
            case [(byte)'o', (byte)'p']:
                Op = json.ValueTextEquals("MODIFY"u8) ? "MODIFY" : json.ValueTextEquals("INSERT"u8) ? "INSERT" : json.GetString();
                break;
            case [(byte)'e', (byte)'i', (byte)'d']:
                EntryId = json.GetString();
                break;
            case [(byte)'s', (byte)'e', (byte)'q']:
                Seq = json.GetString();
                break;
            case [(byte)'i', (byte)'t', (byte)'e', (byte)'m']:
                Item = Utf8.Hash(json.ValueSpan);
                break;
            default:
                TakeRare(System.Text.Encoding.UTF8.GetString(name), ref json);
                break;
        }
    }

    private void TakeRare(string name, ref Utf8JsonReader json)
    {
        switch (name)
        {
            case "sha256":
                rare = rare with { Sha256 = Utf8.Hash(json.GetString() ?? string.Empty) };
                break;
            case "enc":
                rare = rare with { Encoding = json.GetInt64() };
                break;
            case "trail":
                rare = rare with { Of = Of with { Trail = json.GetString() } };
                break;
            case "stream":
                rare = rare with { Of = Of with { Arn = json.GetString() } };
                break;
            case "shard":
                rare = rare with { Of = Of with { Shard = json.GetString() } };
                break;
            case "parent":
                rare = rare with { Parent = json.TokenType == JsonTokenType.String ? (json.GetString(), null, -1, default) : ReadParent(ref json) };
                break;
            case "count":
                rare = rare with { Count = json.GetInt64() };
                break;
            case "ending":
                _ = json.GetString();
                break;
            case "cause":
                rare = rare with { Missing = Missing with { Cause = json.GetString() } };
                break;
            case "certainty":
                rare = rare with { Missing = Missing with { Certainty = json.GetString() } };
                break;
            case "last":
                rare = rare with { Bounds = Bounds with { Last = json.GetString() } };
                break;
            case "next":
                rare = rare with { Bounds = Bounds with { Next = json.GetString() } };
                break;
            case "previous":
                rare = rare with { Bounds = Bounds with { Previous = json.GetString() } };
                break;
            case "event":
                rare = rare with { Lifecycle = Lifecycle with { Event = json.GetString() } };
                break;
            case "from":
                rare = rare with { Lifecycle = Lifecycle with { From = json.GetString() } };
                break;
            default:
                throw new FormatException($"'{name}' is unknown.");
        }
    }

    private static (string? Word, string? Shard, long Size, Sha256Hash Root) ReadParent(ref Utf8JsonReader json)
    {
        (string? Word, string? Shard, long Size, Sha256Hash Root) parent = (null, null, -1, default);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = json.GetString();
            json.Read();
            parent = name switch
            {
                "root" => parent with { Root = Utf8.Hash(json.GetString() ?? string.Empty) },
                "shard" => parent with { Shard = json.GetString() },
                "size" => parent with { Size = json.GetInt64() },
                _ => throw new FormatException($"'{name}' of a parent is unknown."),
            };
        }

        return parent;
    }

    // What leaves say that are not of a change.
    private sealed record Rare
    {
        public static Rare None { get; } = new();

        public Sha256Hash? Sha256 { get; init; }

        public long Encoding { get; init; } = -1;

        public (string? Trail, string? Arn, string? Shard) Of { get; init; }

        public (string? Word, string? Shard, long Size, Sha256Hash Root) Parent { get; init; }

        public long Count { get; init; } = -1;

        public (string? Cause, string? Certainty) Missing { get; init; }

        public (string? Last, string? Next, string? Previous) Bounds { get; init; }

        public (string? Event, string? From) Lifecycle { get; init; }
    }
}
