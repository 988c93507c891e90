using System.Collections.Concurrent;
using Harmony.Orchestrator;
using Microsoft.Extensions.Logging;

namespace Harmony.Jobs.Providers.Http;

/// <summary>The entry point of every call to a provider.</summary>
public sealed class ProviderHttp(IHttpClientFactory clients, ProviderOptions options, TimeProvider time, ILogger<ProviderHttp> log) : IDisposable
{
    /// <summary>Reason code of a job that needs a provider that an operator has switched off.</summary>
    public const string SwitchedOff = "integration_disabled";

    private readonly ConcurrentDictionary<string, ProviderChannel> _lines = new(StringComparer.Ordinal);

    /// <param name="told">The log level of a successful call; polling calls would hide the other entries.</param>
    internal ProviderClient To(string provider, CallLimits limits, LogLevel told = LogLevel.Information)
    {
        if (options.Disabled.Contains(provider))
        {
            throw new PermanentJobException(SwitchedOff, $"{provider} is switched off here: name it in INTEGRATIONS_ENABLED and restart, then requeue.");
        }

        var line = _lines.GetOrAdd(provider, name => new ProviderChannel(name, options.MaxConcurrency, time, log));
        return new ProviderClient(line, clients.CreateClient(provider), limits, told);
    }

    public void Dispose()
    {
        foreach (var line in _lines.Values)
        {
            line.Dispose();
        }
    }
}
