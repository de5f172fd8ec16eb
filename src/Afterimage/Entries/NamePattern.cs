using System.IO.Enumeration;

namespace Afterimage.Entries;

/// <summary>Names of tables in which <c>*</c> stands for any characters.</summary>
public static class NamePattern
{
    /// <summary>Whether the text is a pattern, not one table's name.</summary>
    public static bool IsPattern(string name) => name.Contains('*', StringComparison.Ordinal);

    /// <summary>Whether a table's name fits; case counts, as it does in DynamoDB.</summary>
    public static bool Fits(string pattern, string table) => FileSystemName.MatchesSimpleExpression(pattern, table, ignoreCase: false);

    /// <summary>Whether the text can be a table's name or a pattern: letters, digits, and <c>_ - .</c> (API reference, TableName).</summary>
    public static bool IsValid(string name) => name.Length is > 0 and <= 255 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or '*');
}
