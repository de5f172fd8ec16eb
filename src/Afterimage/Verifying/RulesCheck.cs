using System.Globalization;
using Afterimage.Trail;

namespace Afterimage.Verifying;

/// <summary>What the trail's own tree says about the rules that entries are read by.</summary>
internal sealed class RulesCheck(Findings findings)
{
    private readonly Dictionary<TreeName, SortedList<long, string>> inForce = [];
    private readonly Dictionary<TreeName, long> said = [];

    /// <summary>Takes down that entries of a shard are read by these rules from a place on.</summary>
    public void Note(TreeName shard, long from, string rules)
    {
        if (!inForce.TryGetValue(shard, out var list))
        {
            inForce.Add(shard, list = []);
        }

        list[from] = rules;
    }

    /// <summary>Says up to where rules must have been noted: as far as the shard was sealed.</summary>
    public void Demand(TreeName shard, long size) => said[shard] = size;

    /// <summary>Compares the rules that a run is kept under with those that were noted.</summary>
    public void Compare(TreeName shard, StoredRun run)
    {
        if (run.First >= said.GetValueOrDefault(shard) || !run.HasEntries)
        {
            return;
        }

        var noted = inForce.GetValueOrDefault(shard)?.LastOrDefault(pair => pair.Key <= run.First).Value;
        if (noted != run.Rules)
        {
            findings.Altered("DERIVED", string.Create(CultureInfo.InvariantCulture, $"{shard}: entries from {run.First} on are read by rules that were not noted as being in force: {run.Rules}"));
        }
    }
}
