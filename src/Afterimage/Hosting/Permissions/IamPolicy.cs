using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Afterimage.Hosting.Permissions;

/// <summary>A policy of IAM: what somebody may do.</summary>
/// <param name="Statements">What it says; none where no right is needed.</param>
public sealed record IamPolicy(IReadOnlyList<IamStatement> Statements)
{
    private static readonly JsonWriterOptions Readable = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The document, as IAM takes it.</summary>
    public string ToJson() => Text(Write);

    /// <summary>Documents of several roles, as the members of one object.</summary>
    internal static string ToJson(IEnumerable<RolePolicy> roles) => Text(writer =>
    {
        writer.WriteStartObject();
        foreach (var (role, policy) in roles)
        {
            writer.WritePropertyName(role);
            policy.Write(writer);
        }

        writer.WriteEndObject();
    });

    private void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("Version"u8, "2012-10-17"u8);
        writer.WriteStartArray("Statement"u8);
        foreach (var statement in Statements)
        {
            statement.Write(writer);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static string Text(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer, Readable);
        write(writer);
        writer.Flush();
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}

/// <summary>A statement of a policy.</summary>
/// <param name="Sid">What it is for, in one word.</param>
/// <param name="Actions">What may be done.</param>
/// <param name="Resources">To what.</param>
public sealed record IamStatement(string Sid, IReadOnlyList<string> Actions, IReadOnlyList<string> Resources)
{
    /// <summary>Whether it forbids.</summary>
    public bool Denies { get; init; }

    /// <summary>When it counts; null is always.</summary>
    public IamCondition? Condition { get; init; }

    internal void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("Sid"u8, Sid);
        writer.WriteString("Effect"u8, Denies ? "Deny"u8 : "Allow"u8);
        WriteAll(writer, "Action", Actions);
        WriteAll(writer, "Resource", Resources);
        if (Condition is { } condition)
        {
            writer.WriteStartObject("Condition"u8);
            writer.WriteStartObject(condition.Operator);
            WriteAll(writer, condition.Key, condition.Values);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static void WriteAll(Utf8JsonWriter writer, string name, IEnumerable<string> values)
    {
        writer.WriteStartArray(name);
        foreach (var value in values.Distinct(StringComparer.Ordinal))
        {
            writer.WriteStringValue(value);
        }

        writer.WriteEndArray();
    }
}

/// <summary>When a statement counts.</summary>
/// <param name="Operator">How it is compared.</param>
/// <param name="Key">What of the request.</param>
/// <param name="Values">With what.</param>
public sealed record IamCondition(string Operator, string Key, IReadOnlyList<string> Values);

/// <summary>What one role needs.</summary>
/// <param name="Role"><c>worker</c>, <c>lambda</c>, <c>reader</c>, <c>verifier</c>, or the ARN of a role that a worker assumes.</param>
/// <param name="Policy">Its policy.</param>
public sealed record RolePolicy(string Role, IamPolicy Policy);
