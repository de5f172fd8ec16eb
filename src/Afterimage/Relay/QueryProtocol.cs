using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace Afterimage.Relay;

/// <summary>The protocol of SNS: requests are forms, answers are XML.</summary>
internal static class QueryProtocol
{
    private static readonly XNamespace Xml = "http://sns.amazonaws.com/doc/2010-03-31/";

    /// <summary>A request: the operation and its parameters, a space as <c>+</c>.</summary>
    public static ReadOnlyMemory<byte> Form(string operation, params IEnumerable<(string Name, string Value)> parameters)
    {
        var form = new StringBuilder($"Action={operation}&Version=2010-03-31");
        foreach (var (name, value) in parameters)
        {
            form.Append('&').Append(name).Append('=').Append(Uri.EscapeDataString(value).Replace("%20", "+", StringComparison.Ordinal));
        }

        return Encoding.UTF8.GetBytes(form.ToString());
    }

    /// <summary>The result of an operation within its answer.</summary>
    /// <exception cref="FormatException">The answer is something else.</exception>
    public static XElement Result(ReadOnlyMemory<byte> answer, string operation)
    {
        try
        {
            using var bytes = new MemoryStream(answer.ToArray());
            using var reader = XmlReader.Create(bytes, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
            var root = XElement.Load(reader);
            return root.Element(Xml + $"{operation}Result") ?? throw new FormatException($"<{root.Name.LocalName}> in place of the result of {operation}.");
        }
        catch (XmlException e)
        {
            throw new FormatException($"Not XML: {e.Message}", e);
        }
    }

    /// <summary>The members of a list; none where there is no such list.</summary>
    public static IEnumerable<XElement> Members(XElement of, string list) => of.Element(Xml + list)?.Elements(Xml + "member") ?? [];

    /// <summary>The text of a member; null where there is none.</summary>
    public static string? Text(XElement of, string name) => of.Element(Xml + name)?.Value;
}
