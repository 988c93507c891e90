using System.Collections.Concurrent;
using Hangfire;

namespace Harmony.Tests.Postgres;

/// <summary>Jobs of another program on the same database; each writes down that it ran.</summary>
public sealed class ForeignJobs
{
    private static readonly ConcurrentDictionary<string, int> Runs = new();

    public static int RunsOf(string name) => Runs.GetValueOrDefault(name);

    public static void Note(string name) => Runs.AddOrUpdate(name, 1, (_, n) => n + 1);

    [AutomaticRetry(Attempts = 2, DelaysInSeconds = [0, 0])]
    public static void FailTwice(string name)
    {
        Note(name);
        if (RunsOf(name) < 3)
            throw new InvalidOperationException("not yet");
    }

    [AutomaticRetry(Attempts = 0)]
    public static void Fail(string name) => throw new InvalidOperationException($"{name} cannot work");
}
