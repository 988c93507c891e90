namespace Harmony.Api.Configuration.Keys;

/// <summary>Keys of traces. (Metrics for Prometheus are always at /metrics.)</summary>
internal static class TelemetryKeys
{
    public static readonly EnvKey<Uri?> Endpoint = new(
        "OTEL_EXPORTER_OTLP_ENDPOINT", EnvForms.UrlOrUnset, null, "Collector that takes traces of requests and jobs as OTLP over HTTP (http/protobuf, most often port 4318); /v1/traces is added. Unset: none are sent.");

    public static readonly EnvKey<string?> ServiceName = new("OTEL_SERVICE_NAME", EnvForms.Text, "harmony", "Name of this process in the traces.");

    public static IReadOnlyList<EnvKey> All { get; } = [Endpoint, ServiceName];
}
