using System.Diagnostics;

namespace Harmony.Tests.Postgres;

/// <summary>Waits for an outcome with a deadline, and says what it saw last when the deadline passes.</summary>
internal static class Until
{
    public static async Task<T> SeenAsync<T>(Func<Task<T>> look, Func<T, bool> good, TimeSpan? within = null)
    {
        var clock = Stopwatch.StartNew();
        var longest = within ?? TimeSpan.FromSeconds(60);
        while (true)
        {
            var seen = await look();
            if (good(seen))
                return seen;
            if (clock.Elapsed > longest)
                Assert.Fail($"Not seen within {longest.TotalSeconds:0} s; last seen: {seen}");
            await Task.Delay(25);
        }
    }
}
