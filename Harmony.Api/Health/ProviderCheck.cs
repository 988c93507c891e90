using Harmony.Api.Configuration.Keys;
using Harmony.Jobs.Providers.Health;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Harmony.Api.Health;

/// <summary>Whether a provider in HEALTH_DEPS answers.</summary>
internal sealed class ProviderCheck(ProviderHealth providers) : IHealthCheck
{
    // A provider that asked us to wait has answered: its jobs wait, all others run.
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var state = await providers.LookAsync(HostKeys.ProviderOf(context.Registration.Name), cancellationToken);
        return state.Status is ProviderStatus.Ok or ProviderStatus.Blocked ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy(state.Message);
    }
}
