namespace Afterimage.Hosting;

/// <summary>Reads how the trail is sealed, from the file and from the environment.</summary>
internal static class ProofSection
{
    private const string Origin = "origin";
    private const string SealEvery = "sealEvery";
    private const string Key = "key";
    private const string Witness = "witness";

    /// <summary>Reads the file's section.</summary>
    public static ProofOptions Read(JsonSection? section, ProofOptions defaults)
    {
        if (section is null)
        {
            return defaults;
        }

        var options = new ProofOptions
        {
            Origin = section.Text(Origin),
            SealEvery = section.Duration(SealEvery),
            Key = section.Text(Key) ?? defaults.Key,
            Witness = section.Texts(Witness),
        };
        foreach (var (name, what, hint) in options.Problems())
        {
            section.Reject(name, what, hint);
        }

        section.RejectUnknown();
        return options;
    }

    /// <summary>Puts what the environment says over what the file says.</summary>
    /// <param name="options">What the file says.</param>
    /// <param name="text">The text of a variable; null where it is not set.</param>
    /// <param name="duration">The duration that a variable holds; null where it is not set.</param>
    /// <param name="problems">Takes what is wrong.</param>
    public static ProofOptions Apply(ProofOptions options, Func<string, string?> text, Func<string, TimeSpan?> duration, List<Problem> problems)
    {
        var given = options with
        {
            Origin = text(VariableOf(Origin)) ?? options.Origin,
            SealEvery = duration(VariableOf(SealEvery)) ?? options.SealEvery,
            Key = text(VariableOf(Key)) ?? options.Key,
            Witness = text(VariableOf(Witness))?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? options.Witness,
        };
        problems.AddRange(given.Problems().Select(problem => new Problem($"{VariableOf(problem.Name)} {problem.What}", problem.Hint)));
        return given;
    }

    private static string VariableOf(string name) => name switch
    {
        Origin => "AFTERIMAGE_ORIGIN",
        SealEvery => "AFTERIMAGE_SEAL_EVERY",
        Key => "AFTERIMAGE_KEY",
        _ => "AFTERIMAGE_WITNESS",
    };
}
