using System.Text.Json;
using Afterimage.Proof;
using Afterimage.Trail.Bodies;

namespace Afterimage.Verifying;

/// <summary>
/// Where attributes stand, key or image, is not hashed by itself: it follows from what is. A value before alone stands in the old image, and what is the same stands in
/// both, or in the key alone where no image was delivered.
/// </summary>
internal static class BodyShape
{
    private const BodyAttribute Images = BodyAttribute.Before | BodyAttribute.After;

    /// <summary>What does not follow; null if everything does.</summary>
    public static string? Problem(ShardLeaf leaf, StoredBody body)
    {
        var images = body.Flags & ~StampFlags.All;
        if (Delivered(body.Envelope.Span, leaf.Op) is { } delivered && delivered != images)
        {
            return $"it is kept with the images '{images}', and its stream delivered '{delivered}'";
        }

        foreach (ref readonly var attribute in body.Each)
        {
            if (!Follows(in attribute, images))
            {
                return $"its attribute {System.Text.Encoding.UTF8.GetString(attribute.Name.Span)} is kept for a place where it does not stand";
            }
        }

        return null;
    }

    private static bool Follows(in StoredAttribute attribute, BodyFlags images)
    {
        var stands = attribute.Place & Images;
        if (attribute.Is(BodyAttribute.Hidden))
        {
            // Of what is hidden nobody can tell any more.
            return true;
        }

        return attribute.Is(BodyAttribute.Same)
            ? images == BodyFlags.None ? stands == BodyAttribute.None && attribute.Is(BodyAttribute.Key) : stands == Images && images == (BodyFlags.OldImage | BodyFlags.NewImage)
            : stands == (attribute.Before.IsEmpty ? BodyAttribute.After : attribute.After.IsEmpty ? BodyAttribute.Before : Images) && IsWithin(stands, images);
    }

    private static bool IsWithin(BodyAttribute stands, BodyFlags images) =>
        (!stands.HasFlag(BodyAttribute.Before) || images.HasFlag(BodyFlags.OldImage)) && (!stands.HasFlag(BodyAttribute.After) || images.HasFlag(BodyFlags.NewImage));

    // Which images a stream of this view delivers with such a change; null where the envelope does not tell the view.
    private static BodyFlags? Delivered(ReadOnlySpan<byte> envelope, string? op)
    {
        var view = View(envelope);
        if (view is null)
        {
            return null;
        }

        var old = view is "OLD_IMAGE" or "NEW_AND_OLD_IMAGES" && op != "INSERT" ? BodyFlags.OldImage : BodyFlags.None;
        var @new = view is "NEW_IMAGE" or "NEW_AND_OLD_IMAGES" && op != "REMOVE" ? BodyFlags.NewImage : BodyFlags.None;
        return old | @new;
    }

    private static string? View(ReadOnlySpan<byte> envelope)
    {
        if (EnvelopeScan.TryView(envelope, out var found))
        {
            return found.SequenceEqual("NEW_AND_OLD_IMAGES"u8) ? "NEW_AND_OLD_IMAGES" : System.Text.Encoding.ASCII.GetString(found);
        }

        try
        {
            var json = new Utf8JsonReader(envelope);
            json.Read();
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                if (json.ValueTextEquals("view"u8))
                {
                    json.Read();
                    return json.GetString();
                }

                json.Skip();
            }

            return null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: the view is no string.
            throw new FormatException($"its envelope is not one of a record: {e.Message}", e);
        }
    }
}
