using Harmony.Api.Configuration.Keys;

namespace Harmony.Api.Configuration;

/// <summary>Every environment variable Harmony knows, in the order the docs show them.</summary>
public static class EnvTable
{
    public static IReadOnlyList<(string Title, IReadOnlyList<EnvKey> Keys)> Sections { get; } =
    [
        ("Process", HostKeys.All),
        ("Database", DatabaseKeys.All),
        ("Access", AccessKeys.All),
        ("Engine", EngineKeys.All),
        ("Traces", TelemetryKeys.All),
        ("Providers", ProviderKeys.All),
        ("Music", MusicKeys.All),
    ];

    public static IReadOnlyList<EnvKey> Keys { get; } = [.. Sections.SelectMany(s => s.Keys)];

    public static IReadOnlyList<RetiredKey> Retired { get; } = RetiredKeys.All;
}
