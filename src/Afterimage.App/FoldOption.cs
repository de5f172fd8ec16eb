using System.CommandLine;

namespace Afterimage.App;

/// <summary>The option that leaves out marks whose delete was done.</summary>
internal static class FoldOption
{
    public static Option<bool> Make() => new("--fold") { Description = "Leaves out marks that a removal names its actor by: those that are shown are deletes that were attempted" };
}
