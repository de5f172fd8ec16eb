using System.CommandLine;
using Afterimage.Entries;
using Afterimage.Query;
using Afterimage.Trail;

namespace Afterimage.App;

/// <summary>The filters that <c>search</c> and <c>tail</c> share.</summary>
internal sealed class EntryFilters
{
    private readonly Option<string?> table = new("--table") { Description = "Only this table", HelpName = "NAME" };
    private readonly Option<string?> service = new("--service") { Description = "Only this service", HelpName = "NAME" };
    private readonly Option<string?> entity = new("--entity") { Description = "Only this entity type", HelpName = "TYPE" };
    private readonly Option<string?> tenant = new("--tenant") { Description = "Only this tenant", HelpName = "ID" };
    private readonly Option<string?> action = new("--action") { Description = "INSERT, MODIFY or REMOVE", HelpName = "ACTION" };
    private readonly Option<string?> actor = new("--actor") { Description = "Only changes by this actor", HelpName = "ID" };
    private readonly Option<bool> unattributed = new("--unattributed") { Description = "Only changes of which nobody knows who made them" };
    private readonly Option<string?> since = new("--since") { Description = "At or after: 2026-11-21, 2026-11-21T20:11:12Z, or 2h", HelpName = "TIME" };
    private readonly Option<string?> until = new("--until") { Description = "Before", HelpName = "TIME" };
    private readonly Option<string?> changed = new("--changed") { Description = "Only changes of this attribute, such as /status", HelpName = "PATH" };
    private readonly Option<string?> from = new("--from") { Description = "With --changed: the value before", HelpName = "V" };
    private readonly Option<string?> to = new("--to") { Description = "With --changed: the value after", HelpName = "V" };
    private readonly Option<string?> key = new("--key") { Description = "With --table: only this item, or all under its partition key", HelpName = "KEY" };

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { table, service, entity, tenant, action, actor, unattributed, since, until, changed, from, to, key })
        {
            command.Add(option);
        }
    }

    /// <summary>The filters as they were given.</summary>
    /// <exception cref="UsageException">Everything that is wrong with them.</exception>
    public async Task<(SearchFilter Filter, ChangedFilter? Changed)> ReadAsync(ParseResult parsed, Invocation call, ITrail trail, CancellationToken ct)
    {
        var problems = new List<Problem>();
        var name = parsed.GetValue(table);
        var known = name is null ? null : await Try(() => call.TableAsync(trail, name, ct));
        var filter = new SearchFilter
        {
            Table = name,
            Service = parsed.GetValue(service),
            Entity = parsed.GetValue(entity),
            Tenant = parsed.GetValue(tenant),
            Action = await Try(() => Task.FromResult(Action(parsed.GetValue(action)))),
            Actor = parsed.GetValue(actor),
            Unattributed = parsed.GetValue(unattributed),
            Since = await Try(() => Task.FromResult(Moment(parsed, since, call))),
            Until = await Try(() => Task.FromResult(Moment(parsed, until, call))),
            Key = await Try(() => Task.FromResult(Key(parsed.GetValue(key), known, name))),
        };
        var path = await Try(() => Task.FromResult(Changed(parsed)));
        return problems.Count == 0 ? (filter, path) : throw new UsageException(problems);

        async Task<T?> Try<T>(Func<Task<T>> read)
        {
            try
            {
                return await read();
            }
            catch (UsageException e)
            {
                problems.AddRange(e.Problems);
                return default;
            }
        }
    }

    private static DateTimeOffset? Moment(ParseResult parsed, Option<string?> option, Invocation call) =>
        parsed.GetValue(option) is { } text ? TimeText.Parse(option.Name, text, call.Surroundings.Time) : null;

    private static ChangeAction? Action(string? text) => text?.ToUpperInvariant() switch
    {
        null => null,
        "INSERT" => ChangeAction.Insert,
        "MODIFY" => ChangeAction.Modify,
        "REMOVE" => ChangeAction.Remove,
        _ => throw new UsageException($"--action is '{text}'.", "Use INSERT, MODIFY or REMOVE."),
    };

    private static AttributeMap? Key(string? text, TrailTable? table, string? name)
    {
        if (text is null || (table is null && name is not null))
        {
            return null;
        }

        if (table is null)
        {
            throw new UsageException("--key needs --table.", "Name the table whose item is meant.");
        }

        return KeyText.Parse(text, table);
    }

    private ChangedFilter? Changed(ParseResult parsed)
    {
        if (parsed.GetValue(changed) is not { } path)
        {
            return parsed.GetValue(from) is null && parsed.GetValue(to) is null
                ? null
                : throw new UsageException("--from and --to need --changed.", "Name the attribute: --changed /status --to SHIPPED");
        }

        try
        {
            return new ChangedFilter(AttributePath.Parse(path), parsed.GetValue(from), parsed.GetValue(to));
        }
        catch (FormatException e)
        {
            throw new UsageException($"--changed is '{path}': {e.Message}", "Write a path such as /status or /address/city.");
        }
    }
}
