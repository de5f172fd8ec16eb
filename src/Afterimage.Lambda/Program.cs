using System.Security.Cryptography;
using Afterimage;
using Afterimage.Lambda;
using Afterimage.Streams.Aws;

var log = new FunctionLog(Console.Out, TimeProvider.System);
if (Environment.GetEnvironmentVariable("AWS_LAMBDA_RUNTIME_API") is not { Length: > 0 } address)
{
    log.Error("The function cannot start.", new UsageException("AWS_LAMBDA_RUNTIME_API is not set.", "This program is a Lambda function with a custom runtime: deploy it as docs/lambda.md says."));
    return 2;
}

using var ended = new CancellationTokenSource();
using var api = new RuntimeApi(address);
await using var start = new FunctionStart(
    Environment.GetEnvironmentVariable, TimeProvider.System, new Random(unchecked((int)TimeProvider.System.GetTimestamp()) ^ Environment.ProcessId), RandomNumberGenerator.GetBytes, log);
if (await StartAsync() is not { } function)
{
    return 1;
}

// A custom runtime: the process asks Lambda for one call after the other, until Lambda ends it.
while (true)
{
    await function.AnswerAsync(await api.NextAsync(ended.Token), api, ended.Token);
}

async Task<StreamFunction?> StartAsync()
{
    try
    {
        return await start.OpenAsync(ended.Token);
    }
    catch (Exception e) when (e is AfterimageException or UsageException or AwsException or HttpRequestException)
    {
        log.Error("The function cannot start.", e);
        await api.FailStartAsync(e, ended.Token);
        return null;
    }
}
