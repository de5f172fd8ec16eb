using System.CommandLine;
using System.Globalization;

namespace Afterimage.App;

/// <summary>Options that take a whole number above 0.</summary>
internal static class CountOption
{
    /// <summary>How many entries an answer has at most.</summary>
    public static Option<int?> Limit() => Make("--limit", "At most so many entries (default 100)");

    /// <summary>An option of this name; null where it was not given.</summary>
    public static Option<int?> Make(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "N",
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0)
            {
                return count;
            }

            result.AddError($"{name} is '{text}', which is no whole number above 0.");
            return null;
        },
    };
}
