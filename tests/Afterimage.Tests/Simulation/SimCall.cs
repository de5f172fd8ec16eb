namespace Afterimage.Tests.Simulation;

/// <summary>A call over the network: it takes effect after a while, and its answer comes after another, if the caller still lives.</summary>
internal static class SimCall
{
    public static Task<T> MakeAsync<T>(SimWorld world, SimProcess process, FormattableString call, Random random, Func<T> effect, CancellationToken ct)
    {
        var answer = new TaskCompletionSource<T>();
        ct.Register(() => answer.TrySetCanceled(ct));
        var isSlow = random.NextDouble() < world.Weather.Slow;
        world.Loop.After(Delay(), () =>
        {
            Action deliver;
            try
            {
                var result = effect();
                world.Tell($"{process.Name} {call}: {SimWords.Of(result)}");
                deliver = () => answer.TrySetResult(result);
            }
            catch (Exception e) when (e is not SimFailure)
            {
                world.Tell($"{process.Name} {call}: {e.Message}");
                deliver = () => answer.TrySetException(e);
            }

            world.Loop.After(Delay(), () => process.Deliver(deliver));
        });
        return answer.Task;

        TimeSpan Delay() => TimeSpan.FromMilliseconds(isSlow ? random.Next(1_000, 40_000) : random.Next(1, 15));
    }
}
