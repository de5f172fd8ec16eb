using System.Xml;
using System.Xml.Linq;

namespace Afterimage.Streams.Aws;

/// <summary>Errors of the Query protocol, which are XML: <c>ErrorResponse/Error/Code</c> and <c>Message</c>, in a namespace of the service.</summary>
internal static class QueryErrors
{
    /// <summary>Reads an error.</summary>
    /// <returns>Its code, text and request id, each null where it is not there; all null where the text is no XML.</returns>
    public static (string? Code, string? Message, string? RequestId) Read(ReadOnlySpan<byte> body)
    {
        try
        {
            using var bytes = new MemoryStream(body.ToArray());
            using var reader = XmlReader.Create(bytes, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
            var root = XElement.Load(reader);
            return (Text(root, "Code"), Text(root, "Message"), Text(root, "RequestId"));
        }
        catch (XmlException)
        {
            // A page of a proxy: what is known is the status, and the text is quoted by whoever asked.
            return default;
        }
    }

    private static string? Text(XElement root, string name) => root.Descendants().FirstOrDefault(element => element.Name.LocalName == name)?.Value;
}
