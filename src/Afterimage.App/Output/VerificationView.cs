using System.Globalization;
using Afterimage.Proof;
using Afterimage.Sealing;
using Afterimage.Verifying;
using Spectre.Console;

namespace Afterimage.App.Output;

/// <summary>Says what checking a trail or a proof came to: the answer on the first line, then what it rests on.</summary>
internal static class VerificationView
{
    public static void Print(Printer printer, Verification verified, IReadOnlyList<IWitness> witnesses)
    {
        if (printer.IsJson)
        {
            printer.Json(VerificationJson.Write(verified));
            return;
        }

        var color = verified.IsAltered ? "red" : verified.Findings.Count > 0 ? "yellow" : "green";
        printer.Markup($"[{color}]{Markup.Escape(verified.Result)}[/]");
        foreach (var finding in verified.Findings)
        {
            printer.Markup($"  {Markup.Escape(finding.Check)}: {Markup.Escape(Text.Safe(finding.What))}");
        }

        if (verified.Unlisted > 0)
        {
            printer.Markup($"  and {verified.Unlisted} more");
        }

        var sealedAt = verified.SealedAt is { } at ? string.Create(CultureInfo.InvariantCulture, $", sealed {at:yyyy-MM-dd HH:mm:ss'Z'}") : string.Empty;
        printer.Message($"{verified.Entries} entries, log of size {verified.Size}{sealedAt}. Key: {verified.Key}");
        if (witnesses.Count == 0)
        {
            printer.Message("No witness is configured: an older state of the trail that was put back cannot be told from the newest. Set proof.witness.");
        }
    }

    public static void Print(Printer printer, ProofVerdict verdict)
    {
        if (printer.IsJson)
        {
            printer.Json(VerificationJson.Write(verdict));
            return;
        }

        if (verdict is ProofVerdict.Refuted refuted)
        {
            printer.Markup($"[red]NOT PROVEN: {Markup.Escape(refuted.Step)}[/]: {Markup.Escape(Text.Safe(refuted.Why))}");
            return;
        }

        var proven = (ProofVerdict.Proven)verdict;
        var checkpoint = proven.Checkpoint;
        printer.Markup($"[green]proven[/]: sealed {proven.SealedAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture)} in {Markup.Escape(Text.Safe(checkpoint.Origin))}, log of size {checkpoint.Size}");
        printer.Markup($"  {Markup.Escape(Text.Safe(proven.Shard))}");
        printer.Markup($"  {Markup.Escape(Text.Safe(proven.Entry.Leaf))}");
        foreach (var shown in proven.Shown)
        {
            printer.Markup($"    {Markup.Escape(Text.Safe(shown.Name.Length == 0 ? "(record)" : shown.Name))}: {Markup.Escape(Text.Safe(string.Join(" → ", shown.Values)))}");
        }

        if (proven.Hidden > 0)
        {
            printer.Markup($"  and {proven.Hidden} more that are not shown");
        }
    }
}
