using FsCheck;
using FsCheck.Fluent;

namespace Afterimage.Tests.Support;

/// <summary>A property over random items. Every run tries the same ones, small ones first; a failure names the seed and size that found it.</summary>
public static class Property
{
    /// <summary>Tries the property on so many sources of items; it asserts by throwing.</summary>
    public static void Holds(int tries, Action<RandomItems, int> property)
    {
        var seeds = Gen.Sized(size => Gen.Choose(0, int.MaxValue).Select(seed => (Seed: seed, Size: 1 + (size / 8)))).ToArbitrary();
        Prop.ForAll(seeds, drawn => property(new RandomItems(new Random(drawn.Seed)), drawn.Size))
            .Check(Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest(tries).WithReplay(20261121, 7));
    }
}
