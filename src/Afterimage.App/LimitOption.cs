using System.CommandLine;

namespace Afterimage.App;

/// <summary>How many entries an answer has at most.</summary>
internal static class LimitOption
{
    public static Option<int?> Make()
    {
        var option = new Option<int?>("--limit") { Description = "At most so many entries (default 100)", HelpName = "N" };
        option.Validators.Add(result =>
        {
            if (result.Errors.Any() || result.GetValueOrDefault<int?>() is not < 1)
            {
                return;
            }

            result.AddError("--limit must be above 0.");
        });
        return option;
    }
}
