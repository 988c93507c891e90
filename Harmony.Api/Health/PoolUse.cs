namespace Harmony.Api.Health;

/// <summary>This process's connections to PostgreSQL, as the driver counts them.</summary>
public sealed record PoolUse(long Used, long Idle, long Most)
{
    public static PoolUse Of(IReadOnlyList<Sample> samples) => new(
        Sum(samples, "db_client_connection_count", "=\"used\""),
        Sum(samples, "db_client_connection_count", "=\"idle\""),
        Sum(samples, "db_client_connection_max", ""));

    private static long Sum(IReadOnlyList<Sample> samples, string name, string label) =>
        (long)samples.Where(s => s.Name == name && s.Labels.Contains(label, StringComparison.Ordinal)).Sum(s => s.Value);
}
