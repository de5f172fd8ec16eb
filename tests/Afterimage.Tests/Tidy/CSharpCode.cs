using System.Text.RegularExpressions;

namespace Afterimage.Tests.Tidy;

/// <summary>Just enough of C#'s lexical grammar to tell code from comments and literals.</summary>
internal static partial class CSharpCode
{
    /// <summary>The same text, of the same length and lines, with spaces for every comment and literal.</summary>
    public static string WithoutCommentsAndLiterals(string text)
    {
        var code = text.ToCharArray();
        var at = 0;
        while (at < text.Length)
        {
            var end = EndOfBlank(text, at);
            for (var i = at; i < end; i++)
            {
                code[i] = text[i] == '\n' ? '\n' : ' ';
            }

            at = Math.Max(end, at + 1);
        }

        return new string(code);
    }

    /// <summary>Where the comment or literal that begins here ends; here, if none does.</summary>
    private static int EndOfBlank(string text, int at) => text[at] switch
    {
        '/' when text.AsSpan(at).StartsWith("//") => EndAfter(text, at, "\n") - 1,
        '/' when text.AsSpan(at).StartsWith("/*") => EndAfter(text, at + 2, "*/"),
        '\'' => at + CharLiteral().Match(text, at).Length,
        '"' or '$' or '@' when StringStart().Match(text, at) is { Success: true } start => EndOfString(text, at, start),
        _ => at,
    };

    private static int EndOfString(string text, int at, Match start)
    {
        var prefix = start.Groups["prefix"].Value;
        var quotes = start.Groups["quotes"].Length;
        var verbatim = prefix.Contains('@', StringComparison.Ordinal);
        if (!verbatim && quotes >= 3)
        {
            return EndAfter(text, at + start.Length, new string('"', quotes));
        }

        var interpolated = prefix.Contains('$', StringComparison.Ordinal);
        var i = at + prefix.Length + 1;
        while (i < text.Length)
        {
            var pair = text.AsSpan(i, Math.Min(2, text.Length - i));
            if ((verbatim && pair is "\"\"") || (!verbatim && pair[0] == '\\') || (interpolated && pair is "{{"))
            {
                i += 2;
            }
            else if (pair[0] == '"')
            {
                return i + 1;
            }
            else
            {
                i = interpolated && pair[0] == '{' ? EndOfHole(text, i) : i + 1;
            }
        }

        return text.Length;
    }

    /// <summary>The end of an interpolated expression, which may hold strings and braces of its own.</summary>
    private static int EndOfHole(string text, int at)
    {
        var depth = 0;
        while (at < text.Length)
        {
            depth += text[at] switch { '{' => 1, '}' => -1, _ => 0 };
            if (depth == 0)
            {
                return at + 1;
            }

            at = Math.Max(EndOfBlank(text, at), at + 1);
        }

        return text.Length;
    }

    private static int EndAfter(string text, int from, string mark)
    {
        var found = text.IndexOf(mark, from, StringComparison.Ordinal);
        return found < 0 ? text.Length : found + mark.Length;
    }

    [GeneratedRegex("""\G(?<prefix>\$*@?\$?)(?<quotes>"+)""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex StringStart();

    [GeneratedRegex("""\G'(\\.[^'\n]*|[^\\'\n])'""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex CharLiteral();
}
