using Harmony.Api.Access;
using Harmony.Api.Dashboards;

namespace Harmony.Api.Pages.Shell;

/// <summary>What the pages tell about their host: the engine and why it is that one, and whether anybody may come in.</summary>
public sealed record PageHost(string Engine, bool Open)
{
    public static PageHost Of(AccessMode mode) => new(
        HangfirePages.Genuine
            ? "Native engine; Hangfire's own dashboard is at /hangfire"
            : "Native engine; Hangfire's own packages are not built in",
        mode.Open);
}
