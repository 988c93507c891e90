using Harmony.Api.Configuration.Keys;

namespace Harmony.Api.Configuration;

/// <summary>Every environment variable of Harmony, in the order of the docs.</summary>
internal static class EnvTable
{
    public static IReadOnlyList<(string Title, IReadOnlyList<EnvKey> Keys)> Sections { get; } =
    [
        ("Process", HostKeys.All),
        ("Database", DatabaseKeys.All),
        ("Access", AccessKeys.All),
        ("Response cache", CacheKeys.All),
        ("Engine", EngineKeys.All),
        ("Traces", TelemetryKeys.All),
        ("Providers", ProviderKeys.All),
        ("Music", MusicKeys.All),
    ];

    public static IReadOnlyList<EnvKey> Keys { get; } = [.. Sections.SelectMany(s => s.Keys)];

    public static IReadOnlyList<RetiredKey> Retired { get; } = RetiredKeys.All;

    private static readonly HashSet<string> Known = new(
        [
            .. Keys.SelectMany(k => k.Names),
            .. Keys.Where(k => k.Secret).SelectMany(k => k.Names).Select(n => $"{n}_FILE"),
            .. ComposeKeys.All.Select(k => k.Name),
        ],
        StringComparer.Ordinal);

    /// <summary>Whether the name is in use; such a name is never covered by the star of a retired one.</summary>
    public static bool IsKey(string name) => Known.Contains(name);
}
