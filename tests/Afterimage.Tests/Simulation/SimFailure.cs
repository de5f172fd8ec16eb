namespace Afterimage.Tests.Simulation;

/// <summary>A history in which something happened that must not.</summary>
internal sealed class SimFailure(string message) : Exception(message)
{
    public static void Unless(bool holds, string message)
    {
        if (!holds)
        {
            throw new SimFailure(message);
        }
    }
}
