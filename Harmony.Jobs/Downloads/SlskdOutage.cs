using Harmony.Jobs.Providers.Http;
using Harmony.Jobs.Providers.Slskd;
using Harmony.Orchestrator;

namespace Harmony.Jobs.Downloads;

/// <summary>An outage of slskd, or a key that it refuses, is no failure of a download: it waits, and no attempt is spent.</summary>
internal static class SlskdOutage
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan KeyRefused = TimeSpan.FromMinutes(1);

    public static bool Is(Exception error) =>
        error is ProviderException { Provider: SlskdOptions.Provider, Code: "unreachable" or "timeout" or "truncated" } || IsRefusedKey(error);

    /// <summary>Each job of slskd would fail with a refused key, and none of them is at fault.</summary>
    public static bool IsRefusedKey(Exception error) => error is PermanentJobException { ReasonCode: SlskdRefusal.KeyRefused };

    public static ProviderBlockedException Blocked(Exception error) =>
        new(SlskdOptions.Provider, IsRefusedKey(error) ? KeyRefused : LookAgain, error.Message, error);
}
