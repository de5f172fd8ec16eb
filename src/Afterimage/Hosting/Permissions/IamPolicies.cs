using Afterimage.Capture;
using Afterimage.Entries;
using Afterimage.Sealing;
using Afterimage.Trail;

namespace Afterimage.Hosting.Permissions;

/// <summary>The least that each role needs for what is configured: exactly the calls that the program makes, on exactly what it makes them.</summary>
public static class IamPolicies
{
    // Where the secrets lie that hidden values could be guessed with, and images in which nothing is hidden yet (docs/dynamodb-trail.md).
    private const string Intents = "intents *";
    private static readonly string[] Hidden = ["key *", Intents];
    private static readonly string[] Reads = ["dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:Query"];
    private static readonly string[] Intake = ["dynamodb:BatchGetItem", "dynamodb:BatchWriteItem", "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query", "dynamodb:UpdateItem"];
    private static readonly string[] Writes = [.. Intake.Append("dynamodb:DeleteItem").Order(StringComparer.Ordinal)];
    private static readonly string[] Records = ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"];
    private static readonly string[] Streams = [.. Records, "dynamodb:ListStreams"];

    /// <summary>The policies of every role that needs one.</summary>
    /// <param name="options">What is configured.</param>
    /// <param name="place">Where it is.</param>
    /// <param name="function">The function.</param>
    public static IReadOnlyList<RolePolicy> Of(AfterimageOptions options, AwsPlace place, IamFunction function)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(place);
        ArgumentNullException.ThrowIfNull(function);
        var trail = Trails.TableOf(options.Trail) is { } name ? place.Arn("dynamodb", $"table/{name}") : null;
        List<TableOptions> tables = [.. options.Tables.Where(table => table.Enabled)];
        List<TableOptions> own = tables.FindAll(table => table.Role is null);
        List<RolePolicy> all =
        [
            Role("worker", [.. Tables(own, place), .. Assume(tables), .. OnTrail(trail, "WriteTrail", Writes), .. Signing(options.Proof, place, "kms:Sign"), .. Witnessing(options.Proof, place, "s3:PutObject"), .. SinkRights.Of(options.Sinks, place)]),
            Role("lambda", trail is null && options.Sinks.Count == 0 ? [] : [.. ReadStreams(own, place, Streams), .. OnTrail(trail, "WriteTrail", Intake), .. TakeIntents(trail), .. function.Rights(place), .. trail is null ? SinkRights.Of(options.Sinks, place) : []]),
            Role("reader", [.. OnTrail(trail, "ReadTrail", Reads), .. OnIndexes(trail), .. Hide(trail)]),
            Role("verifier", [.. OnTrail(trail, "ReadTrail", [.. Reads, "dynamodb:Scan"]), .. Signing(options.Proof, place), .. Witnessing(options.Proof, place), .. ReadStreams(own, place, Records), .. Assume(tables)]),
            .. tables.Where(table => table.Role is not null).GroupBy(table => table.Role!).Select(role => Role(role.Key, [.. Tables([.. role], place with { Account = RoleArn.AccountOf(role.Key) })])),
        ];
        return all.FindAll(role => role.Policy.Statements.Count > 0);
    }

    private static RolePolicy Role(string name, IReadOnlyList<IamStatement> statements) => new(name, new IamPolicy(statements));

    private static IEnumerable<IamStatement> Tables(List<TableOptions> tables, AwsPlace place)
    {
        if (tables.Count > 0)
        {
            yield return new("DescribeTables", ["dynamodb:DescribeTable"], [.. tables.Select(table => ArnOf(table, place))]);
        }

        if (tables.Exists(table => NamePattern.IsPattern(table.Name)))
        {
            // Listing knows no resource (service authorization reference, ListTables).
            yield return new("FindTables", ["dynamodb:ListTables"], ["*"]);
        }

        foreach (var statement in ReadStreams(tables, place, Streams))
        {
            yield return statement;
        }
    }

    private static IEnumerable<IamStatement> ReadStreams(List<TableOptions> tables, AwsPlace place, IReadOnlyList<string> actions) =>
        tables.Count == 0 ? [] : [new("ReadStreams", actions, [.. tables.Select(table => $"{ArnOf(table, place)}/stream/*")])];

    private static IEnumerable<IamStatement> Assume(List<TableOptions> tables)
    {
        string[] roles = [.. tables.Select(table => table.Role).OfType<string>()];
        return roles.Length == 0 ? [] : [new("AssumeRoles", ["sts:AssumeRole"], roles)];
    }

    // A pattern of names is one of IAM too: in both, * stands for any characters.
    private static string ArnOf(TableOptions table, AwsPlace place) => place.Arn("dynamodb", $"table/{table.Name}", table.Region);

    private static IEnumerable<IamStatement> OnTrail(string? trail, string sid, IReadOnlyList<string> actions) => trail is null ? [] : [new(sid, actions, [trail])];

    // What has done what it was for: entries are deleted by nobody.
    private static IEnumerable<IamStatement> TakeIntents(string? trail) => trail is null ? [] :
        [new("TakeIntents", ["dynamodb:DeleteItem"], [trail]) { Condition = new("ForAllValues:StringLike", "dynamodb:LeadingKeys", [Intents]) }];

    // Nobody else asks an index: they lag behind (decisions/0017).
    private static IEnumerable<IamStatement> OnIndexes(string? trail) => trail is null ? [] : [new("SearchTrail", ["dynamodb:Query"], [$"{trail}/index/*"])];

    // A scan names no keys, so no condition keeps it from any.
    private static IEnumerable<IamStatement> Hide(string? trail) => trail is null ? [] :
        [new("HideSecrets", Reads, [trail]) { Denies = true, Condition = new("ForAnyValue:StringLike", "dynamodb:LeadingKeys", Hidden) }];

    private static IEnumerable<IamStatement> Signing(ProofOptions proof, AwsPlace place, params string[] more)
    {
        if (Address.OfKey(proof.Key) is not Address.InKms key)
        {
            return [];
        }

        // A key is named by its own ARN alone; by which alias it was asked for is a condition (KMS developer guide, kms:RequestAlias).
        var parts = key.Id.Split(':');
        var name = parts[^1];
        var at = parts.Length > 1 ? place with { Account = parts[4] } : place;
        var sign = new IamStatement("UseSigningKey", ["kms:GetPublicKey", .. more], [name.StartsWith("key/", StringComparison.Ordinal) ? key.Id : at.Arn("kms", "key/*", key.Region)]);
        return [name.StartsWith("alias/", StringComparison.Ordinal) ? sign with { Condition = new("StringEquals", "kms:RequestAlias", [name]) } : sign];
    }

    private static IEnumerable<IamStatement> Witnessing(ProofOptions proof, AwsPlace place, params string[] more)
    {
        var places = proof.Witness.Select(Address.OfWitness).OfType<Address.InS3>().ToList();
        return places.Count == 0 ? [] :
        [
            new("HoldCheckpoints", ["s3:GetObject", .. more], [.. places.Select(held => place.S3($"{held.Bucket}/{held.Folder}*"))]),
            new("ListCheckpoints", ["s3:ListBucket"], [.. places.Select(held => place.S3(held.Bucket))])
            {
                Condition = places.TrueForAll(held => held.Folder.Length > 0) ? new("StringLike", "s3:prefix", [.. places.Select(held => $"{held.Folder}*")]) : null,
            },
        ];
    }
}
