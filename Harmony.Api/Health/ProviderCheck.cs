using Harmony.Api.Configuration.Keys;
using Harmony.Jobs.Providers.Health;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Harmony.Api.Health;

/// <summary>Does a provider answer that HEALTH_DEPS names?</summary>
internal sealed class ProviderCheck(ProviderHealth providers) : IHealthCheck
{
    // A provider that asked us to wait has answered: its jobs wait, all others go on.
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var state = await providers.LookAsync(HostKeys.ProviderOf(context.Registration.Name), cancellationToken);
        return state.Status is ProviderStatus.Ok or ProviderStatus.Blocked ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy(state.Message);
    }
}
