using System.CommandLine;

namespace Afterimage.App;

/// <summary>Options that several verbs share.</summary>
internal static class CommonOptions
{
    public static Option<int?> Limit()
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
