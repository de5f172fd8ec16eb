using Afterimage.Entries;

namespace Afterimage.Capture;

/// <summary>A table, or all that fit a pattern.</summary>
/// <param name="Name">The name; <c>*</c> stands for any characters.</param>
/// <param name="Rules">How its records are read.</param>
/// <param name="Enabled">False keeps the table out, also where a pattern fits it.</param>
public sealed record TableOptions(string Name, TableRules Rules, bool Enabled = true);
