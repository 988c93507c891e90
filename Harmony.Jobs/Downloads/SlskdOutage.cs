using Harmony.Jobs.Providers.Http;
using Harmony.Jobs.Providers.Slskd;
using Harmony.Orchestrator;

namespace Harmony.Jobs.Downloads;

/// <summary>An outage of slskd is no failure of a download: it waits, and no attempt is spent.</summary>
internal static class SlskdOutage
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(15);

    public static bool Is(ProviderException error) =>
        error is { Provider: SlskdOptions.Provider, Code: "unreachable" or "timeout" or "truncated" };

    public static ProviderBlockedException Blocked(ProviderException error) =>
        new(SlskdOptions.Provider, LookAgain, error.Message, error);
}
