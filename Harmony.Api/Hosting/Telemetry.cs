using System.Diagnostics;
using System.Diagnostics.Metrics;
using Harmony.Api.Configuration;
using Harmony.Api.Configuration.Keys;
using Harmony.Api.Health;
using Harmony.Orchestrator;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Harmony.Api.Hosting;

/// <summary>Traces for a collector, if one is configured, and metrics for Prometheus.</summary>
internal static class Telemetry
{
    public static void AddHarmonyTraces(this IServiceCollection services, Settings settings)
    {
        if (settings.Get(TelemetryKeys.Endpoint) is not { } endpoint)
            return;
        services.AddOpenTelemetry().WithTracing(traces => traces
            .ConfigureResource(r => r.AddService(settings.Get(TelemetryKeys.ServiceName)!, serviceVersion: Uptime.Version))
            // HttpClient and Npgsql have spans of their own; a package for each would only register the source.
            .AddSource(JobTraces.SourceName, "System.Net.Http", "Npgsql")
            .AddAspNetCoreInstrumentation()
            .SetSampler(new WorkSampler())
            .AddOtlpExporter(options =>
            {
                options.Protocol = OtlpExportProtocol.HttpProtobuf;
                options.Endpoint = new Uri($"{endpoint.AbsoluteUri.TrimEnd('/')}/v1/traces");
            }));
    }

    public static void AddHarmonyMetrics(this IServiceCollection services)
    {
        services.AddSingleton<EngineGauges>();
        services.AddSingleton<MetricsScrape>();
        services.AddOpenTelemetry().WithMetrics(metrics => metrics
            .AddMeter("Harmony.*", "Microsoft.AspNetCore.Hosting", "Npgsql", "System.Runtime")
            .AddPrometheusExporter(options =>
            {
                // Names, labels and values must stay the same for existing dashboards.
                options.ScopeInfoEnabled = false;
                options.TargetInfoEnabled = false;
                options.ScrapeResponseCacheDurationMilliseconds = 0;
            }));
        services.ConfigureOpenTelemetryMeterProvider((provider, metrics) =>
        {
            var meters = provider.GetRequiredService<IMeterFactory>();
            metrics.AddView(instrument =>
                // Another host in the same process has instruments of the same names.
                instrument.Meter.Scope is IMeterFactory others && others != meters ? MetricStreamConfiguration.Drop
                // Buckets for our own instruments only: a dozen more lines for each route of the web server would be too many.
                : instrument is Histogram<double> && !instrument.Meter.Name.StartsWith("Harmony.", StringComparison.Ordinal) ? new ExplicitBucketHistogramConfiguration { Boundaries = [] }
                : null);
        });
    }

    // A run may have been enqueued by a process without a trace listener: that is no reason to drop it. A statement or call outside of
    // requests and runs is the engine's polling.
    private sealed class WorkSampler : Sampler
    {
        public override SamplingResult ShouldSample(in SamplingParameters parameters) => new(
            parameters.Kind == ActivityKind.Client && parameters.ParentContext.TraceId == default
                ? SamplingDecision.Drop
                : SamplingDecision.RecordAndSample);
    }
}
