using Afterimage.Capture;
using Afterimage.Streams.Shards;

namespace Afterimage.Hosting;

/// <summary>Reads where a table is and from where it is read.</summary>
internal static class TablePlace
{
    private const string Latest = "LATEST";
    private const string TrimHorizon = "TRIM_HORIZON";

    public static TableOptions Read(JsonSection section, TableOptions table)
    {
        var (region, role, from) = (section.Text("region"), section.Text("role"), section.Text("startFrom"));

        // It becomes part of a host name.
        if (region is not null && (region.Length is 0 or > 63 || !region.All(c => char.IsAsciiLetterOrDigit(c) || c == '-')))
        {
            section.Reject("region", $"is '{region}', which is no region.", "Regions look like eu-west-1.");
        }

        if (role is not null && !RoleArn.IsValid(role))
        {
            section.Reject("role", $"is '{role}', which is not the ARN of a role.", "Roles look like arn:aws:iam::123456789012:role/afterimage-reader.");
        }

        if (from is not (null or Latest or TrimHorizon))
        {
            section.Reject("startFrom", $"is '{from}'.", $"Write {TrimHorizon} to begin with the oldest record there is, or {Latest} to begin with the next.");
        }

        return table with { Region = region, Role = role, StartFrom = from == Latest ? StartFrom.Latest : StartFrom.TrimHorizon };
    }
}
