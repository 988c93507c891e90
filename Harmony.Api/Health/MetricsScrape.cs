namespace Harmony.Api.Health;

/// <summary>The text for Prometheus: the engine's state from the database, then the measurements of this process.</summary>
internal sealed class MetricsScrape
{
    private readonly EngineGauges _gauges;
    private readonly RequestDelegate _exporter;

    public MetricsScrape(EngineGauges gauges, IServiceProvider services)
    {
        _gauges = gauges;
        var pipeline = new ApplicationBuilder(services);
        pipeline.UseOpenTelemetryPrometheusScrapingEndpoint(_ => true);
        _exporter = pipeline.Build();
    }

    public async Task WriteAsync(HttpContext context)
    {
        await _gauges.RefreshAsync(context.RequestAborted);
        context.Response.Headers.CacheControl = "no-store";
        await _exporter(context);
    }
}
