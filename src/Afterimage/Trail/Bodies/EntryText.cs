using Afterimage.Entries;
using Afterimage.Entries.Raw;
using Afterimage.Proof;
using Afterimage.Streams.Records;

namespace Afterimage.Trail.Bodies;

/// <summary>
/// Makes entries out of what is kept of them: what is derived, such as the differences, is derived again by the rules that were in force. Of one
/// shard and one set of rules; not for two threads.
/// </summary>
internal sealed class EntryText(StreamArn stream, ShardId shard, TableRules rules)
{
    // Of what is kept nothing is unreadable, so that no time has to stand in for one.
    private static readonly DateTimeOffset NoTime = DateTimeOffset.UnixEpoch;

    private readonly EntryWriter writer = new(stream, shard, rules);
    private readonly ByteBuffer record = new();

    /// <summary>The entry as UTF-8 JSON text; it holds until the next one is asked for.</summary>
    /// <param name="index">The leaf's place in its shard.</param>
    /// <param name="leaf">The leaf's text.</param>
    /// <param name="body">What is kept besides.</param>
    /// <exception cref="FormatException">This is not what is kept of an entry.</exception>
    public ReadOnlyMemory<byte> Json(long index, ReadOnlyMemory<byte> leaf, ReadOnlyMemory<byte> body)
    {
        var stored = StoredBody.Read(body);
        if (stored.Form == BodyForm.Json)
        {
            return UnreadableText.Explained(stored.Json, index);
        }

        var header = ShardLeaf.Read(leaf.Span);
        if (stored.Form == BodyForm.Notice)
        {
            return EntryJson.ToUtf8(NoticeText.Entry(header, stream, shard, rules));
        }

        if (stored.Form == BodyForm.Hiding)
        {
            var entry = EntryJson.Read(stored.Json);
            return EntryJson.ToUtf8(entry with
            {
                // What came without a shard got its place after its body was made.
                Index = index,
                OldImage = stored.Flags.HasFlag(BodyFlags.OldImage) ? Image(stored, BodyAttribute.Before) : null,
                NewImage = stored.Flags.HasFlag(BodyFlags.NewImage) ? Image(stored, BodyAttribute.After) : null,
            });
        }

        record.Truncate(0);
        RecordText.Append(record, header, stored);
        writer.Write(record.Memory, index, NoTime, stored.Flags.Standing());
        return writer.Built?.Unreadable is { } unreadable
            ? throw new FormatException($"What is kept of entry {index} of shard {shard} is not a record: {unreadable.Reason}")
            : writer.Json;
    }

    private AttributeMap Image(StoredBody stored, BodyAttribute place)
    {
        record.Truncate(0);
        RecordText.AppendItem(record, stored.Each, place);
        return DynamoDbJson.ReadKeptMap(record.Memory);
    }
}
