using Harmony.Api.Configuration;
using Harmony.Api.Configuration.Keys;
using Harmony.Orchestrator;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Harmony.Api.Hosting;

/// <summary>Sends requests and runs to a collector, where one is configured. Started before and stopped after everything that is traced.</summary>
internal sealed class TraceExport(Settings settings) : IHostedService, IDisposable
{
    private const int LastWordsMs = 5000;

    private TracerProvider? _provider;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (settings.Get(TelemetryKeys.Endpoint) is { } endpoint)
            _provider = Sdk.CreateTracerProviderBuilder()
                .ConfigureResource(r => r.AddService(settings.Get(TelemetryKeys.ServiceName)!, serviceVersion: Health.Uptime.Version))
                .AddSource(JobTraces.SourceName, "Microsoft.AspNetCore")
                // A job may have been enqueued where nobody listened: that is no reason to drop its run.
                .SetSampler(new AlwaysOnSampler())
                .AddOtlpExporter(options =>
                {
                    options.Protocol = OtlpExportProtocol.HttpProtobuf;
                    options.Endpoint = new Uri($"{endpoint.AbsoluteUri.TrimEnd('/')}/v1/traces");
                })
                .Build();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        _provider?.Shutdown(LastWordsMs);
        return Task.CompletedTask;
    }

    public void Dispose() => _provider?.Dispose();
}
