using Afterimage.Streams.Reading;

namespace Afterimage.Tests.Support;

/// <summary>A source whose answer a test changes.</summary>
internal sealed class ListSource : IStreamSource
{
    public List<FollowedStream> Streams { get; } = [];

    public bool IsGone { get; set; }

    /// <summary>Is told of every look, from 1 on, and may change what is seen or throw.</summary>
    public Action<int> OnLook { get; set; } = _ => { };

    public int Looks { get; private set; }

    public Task<IReadOnlyList<FollowedStream>> LookAsync(CancellationToken ct)
    {
        OnLook(++Looks);
        return Task.FromResult<IReadOnlyList<FollowedStream>>([.. Streams]);
    }

    public Task<bool> IsGoneAsync(FollowedStream stream, CancellationToken ct) => Task.FromResult(IsGone);
}
