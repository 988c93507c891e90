namespace Harmony.Orchestrator;

/// <summary>The randomness of jitter, injected so that tests can fix it.</summary>
public sealed class RandomSource(Func<double> next)
{
    private readonly Lock _lock = new();

    /// <summary>Uniform in [0, 1).</summary>
    public double Next()
    {
        lock (_lock)
            return next();
    }

    public static RandomSource Seeded(int seed)
    {
        var random = new Random(seed);
        return new RandomSource(random.NextDouble);
    }
}
