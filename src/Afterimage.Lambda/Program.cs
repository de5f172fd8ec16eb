using System.Security.Cryptography;
using Afterimage;
using Afterimage.Lambda;

// A custom runtime: the process asks Lambda for one invocation after the other, until Lambda ends it.
using var ended = new CancellationTokenSource();
using var api = new RuntimeApi(Environment.GetEnvironmentVariable);
var log = new FunctionLog(Console.Out, TimeProvider.System);
try
{
    await using var function = await StreamFunction.OpenAsync(Environment.GetEnvironmentVariable, TimeProvider.System, new Random(unchecked((int)TimeProvider.System.GetTimestamp()) ^ Environment.ProcessId), RandomNumberGenerator.GetBytes, log, ended.Token);
    while (true)
    {
        await function.AnswerAsync(await api.NextAsync(ended.Token), api, ended.Token);
    }
}
catch (Exception e) when (e is AfterimageException or UsageException)
{
    await api.FailStartAsync(e, ended.Token);
    log.Error("The function cannot start.", e);
    return 1;
}
