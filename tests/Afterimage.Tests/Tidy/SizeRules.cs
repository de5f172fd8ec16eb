namespace Afterimage.Tests.Tidy;

/// <summary>Nothing is longer than what fits in a head.</summary>
internal static class SizeRules
{
    private const int FileLinesMax = 300;
    private const int MemberLinesMax = 60;

    public static IReadOnlyList<Rule> All { get; } =
    [
        new("A file has at most 300 lines", FilesAreShort),
        new("A method has at most 60 lines", MembersAreShort),
    ];

    private static IEnumerable<Finding> FilesAreShort(SourceFile file)
    {
        var lines = file.Text.AsSpan().TrimEnd().Count('\n') + 1;
        return file.IsCSharp && lines > FileLinesMax ? [file.At(0, $"{lines} lines")] : [];
    }

    private static IEnumerable<Finding> MembersAreShort(SourceFile file) => file.IsCSharp
        ? Members(file.Code)
            .Select(member => (member.Start, Lines: file.Code.AsSpan(member.Start, member.End - member.Start).Count('\n') + 1))
            .Where(member => member.Lines > MemberLinesMax)
            .Select(member => file.At(member.Start, $"a member of {member.Lines} lines"))
        : [];

    /// <summary>The blocks that stand directly in a type, from the first word before the block to its end.</summary>
    private static IEnumerable<(int Start, int End)> Members(string code)
    {
        var open = new Stack<(int HeaderAt, bool HoldsMembers, bool IsMember)>();
        var headerAt = 0;
        for (var i = 0; i < code.Length; i++)
        {
            if (code[i] == '{')
            {
                var header = code[headerAt..i];
                var holdsMembers = SourceFile.Matches(header, @"\b(class|struct|interface|record|enum|namespace)\s+[A-Za-z_]").Any();
                var isInMembers = open.Count == 0 || open.Peek().HoldsMembers;
                open.Push((headerAt + header.Length - header.TrimStart().Length, holdsMembers, isInMembers && !holdsMembers && !IsInitializer(header)));
            }
            else if (code[i] == '}' && open.TryPop(out var block) && block.IsMember)
            {
                yield return (block.HeaderAt, i);
            }

            headerAt = code[i] is '{' or '}' or ';' ? i + 1 : headerAt;
        }
    }

    /// <summary>A table of values may be long; what is assigned is not a method.</summary>
    private static bool IsInitializer(string header) =>
        SourceFile.Matches(header, @"^[^(]*[^=!<>(]=(?![=>])").Any() || header.TrimStart().StartsWith('=');
}
