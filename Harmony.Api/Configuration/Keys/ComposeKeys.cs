namespace Harmony.Api.Configuration.Keys;

/// <summary>A variable that only <c>compose.yaml</c> reads.</summary>
internal sealed record ComposeKey(string Name, string About);

/// <summary>Keys of the containers beside Harmony.</summary>
internal static class ComposeKeys
{
    public static IReadOnlyList<ComposeKey> All { get; } =
    [
        new("SLSKD_WEB_PASSWORD", "Password of slskd's own pages (user owner); scripts/setup --compose makes one."),
        new("SOULSEEK_USERNAME", "Your account on the Soulseek network, for the slskd container."),
        new("SOULSEEK_PASSWORD", "Its password."),
    ];
}
