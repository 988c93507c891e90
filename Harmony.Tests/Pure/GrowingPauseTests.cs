using Harmony.Data.Notices;

namespace Harmony.Tests.Pure;

[TestClass]
public sealed class GrowingPauseTests
{
    [TestMethod]
    public void It_doubles_up_to_its_limit_and_starts_over()
    {
        var pause = new GrowingPause(TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(350));
        CollectionAssert.AreEqual(
            new double[] { 100, 200, 350, 350 }, Enumerable.Range(0, 4).Select(_ => pause.Next().TotalMilliseconds).ToArray());
        pause.Reset();
        Assert.AreEqual(100, pause.Next().TotalMilliseconds);
    }
}
