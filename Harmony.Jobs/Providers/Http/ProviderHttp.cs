using System.Collections.Concurrent;
using Harmony.Orchestrator;
using Microsoft.Extensions.Logging;

namespace Harmony.Jobs.Providers.Http;

/// <summary>The entry point of every call to a provider.</summary>
public sealed class ProviderHttp(IHttpClientFactory clients, ProviderOptions options, TimeProvider time, ILogger<ProviderHttp> log) : IDisposable
{
    /// <summary>Reason code of a job that needs a provider that an operator has switched off.</summary>
    public const string SwitchedOff = "integration_disabled";

    private readonly ConcurrentDictionary<string, ProviderChannel> _channels = new(StringComparer.Ordinal);

    /// <param name="level">The log level of a successful call; polling calls would hide the other entries.</param>
    internal ProviderClient To(string provider, CallLimits limits, LogLevel level = LogLevel.Information)
    {
        if (options.Disabled.Contains(provider))
            throw new PermanentJobException(SwitchedOff, $"{provider} is switched off here: name it in INTEGRATIONS_ENABLED and restart, then requeue.");

        var channel = _channels.GetOrAdd(provider, name => new ProviderChannel(name, options.MaxConcurrency, time, log));
        return new ProviderClient(channel, clients.CreateClient(provider), limits, level);
    }

    public void Dispose()
    {
        foreach (var channel in _channels.Values)
            channel.Dispose();
    }
}
