using System.Text.RegularExpressions;
using Afterimage.Streams.Aws;
using Afterimage.Streams.Leases;
using Afterimage.Streams.Reading;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Afterimage.Streams.Hosting;

/// <summary>Tells all that is wrong with the options and with what is registered beside them, each with what to do.</summary>
internal sealed partial class StreamsOptionsCheck(IServiceProviderIsService registered) : IValidateOptions<DynamoDbStreamsOptions>
{
    public ValidateOptionsResult Validate(string? name, DynamoDbStreamsOptions options)
    {
        var problems = Handling().Concat(Tables(options)).Concat(Pauses(options.Worker)).Concat(Aws(options)).ToList();
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    private IEnumerable<string> Handling()
    {
        if (!Has<IBatchHandler>() && !Has<IShardJournal>())
        {
            yield return "Nobody takes what is read. Register a handler: services.AddSingleton<IBatchHandler, YourHandler>().";
        }

        if (Has<ILeaseStore>() && !Has<IShardJournal>())
        {
            yield return "An ILeaseStore is registered without an IShardJournal: leases are rows of what keeps the progress. Register both.";
        }
    }

    private IEnumerable<string> Tables(DynamoDbStreamsOptions options)
    {
        if (options.Tables.Count == 0 && !Has<IStreamSource>())
        {
            yield return "No table is named. Name one: options.Tables = [\"Orders\"].";
        }

        foreach (var table in options.Tables.Where(table => !TableName().IsMatch(table)))
        {
            yield return $"'{table}' is no table's name. Names have 3 to 255 letters, digits, _ - and .; patterns are not known here.";
        }

        foreach (var table in options.Tables.GroupBy(table => table, StringComparer.Ordinal).Where(group => group.Count() > 1))
        {
            yield return $"'{table.Key}' is named {table.Count()} times. Name it once.";
        }

        if (!Enum.IsDefined(options.StartFrom))
        {
            yield return $"StartFrom is {options.StartFrom}. It is TrimHorizon or Latest.";
        }
    }

    private static IEnumerable<string> Pauses(WorkerOptions worker)
    {
        (string Name, TimeSpan Value)[] pauses =
        [
            ("Pacing.MaxLatency", worker.Pacing.MaxLatency),
            ("Pacing.IdlePoll", worker.Pacing.IdlePoll),
            ("DrainAfter", worker.DrainAfter ?? TimeSpan.MaxValue),
            ("LeaseDuration", worker.LeaseDuration),
            ("SweepEvery", worker.SweepEvery),
            ("LookEvery", worker.LookEvery),
            ("NoteReadThroughEvery", worker.NoteReadThroughEvery),
        ];
        foreach (var (name, value) in pauses.Where(pause => pause.Value <= TimeSpan.Zero))
        {
            yield return $"Worker.{name} is {value}. It has to be longer than nothing.";
        }

        if (worker.ReadsMax < 1)
        {
            yield return $"Worker.ReadsMax is {worker.ReadsMax}. At least one shard has to be read at a time.";
        }
    }

    private List<string> Aws(DynamoDbStreamsOptions options)
    {
        if (Has<IStreamSource>() || (Has<IStreamsApi>() && Has<ITableLookup>()))
        {
            return [];
        }

        try
        {
            // Nothing is called: region, profile and endpoint are looked up where they will be.
            AwsAccess.Create(options.Aws, Environment.GetEnvironmentVariable, TimeProvider.System, new Random(0)).Dispose();
            return [];
        }
        catch (AwsConfigurationException e)
        {
            return [$"{e.Message} {e.Hint}"];
        }
    }

    private bool Has<T>() => registered.IsService(typeof(T));

    [GeneratedRegex(@"\A[A-Za-z0-9_.-]{3,255}\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex TableName();
}
