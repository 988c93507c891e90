using System.Globalization;
using System.Text;
using Harmony.Api.Jobs;
using Harmony.Api.Pages.Shell;
using Harmony.Orchestrator;

namespace Harmony.Api.Pages.Audit;

/// <summary>GET /ui/audit/export: what the filter shows as CSV, newest first.</summary>
public static class AuditExport
{
    private const int Most = 1_000_000;

    public static async Task SendAsync(HttpContext context, EngineBoard engine, CancellationToken ct)
    {
        var query = AuditQuery.Of(name => context.Request.Query[name].ToString().Trim() is { Length: > 0 and <= 200 } text ? text : null);
        var response = context.Response;
        response.ContentType = "text/csv; charset=utf-8";
        response.Headers.ContentDisposition = "attachment; filename=\"audit.csv\"";
        response.Headers.CacheControl = "no-store";
        await response.WriteAsync(CsvLine.Of("action_id", "at", "actor", "action", "target", "affected", "dry_run", "detail"), ct);
        var lines = new StringBuilder();
        await foreach (var item in engine.StreamActionsAsync(query.Filter, Most, ct))
        {
            lines.Append(CsvLine.Of(
                item.ActionId, item.At.UtcDateTime.ToString("O", CultureInfo.InvariantCulture), item.Actor, item.Action, item.Target, item.Affected, item.DryRun,
                Secrets.Scrub(JobDetails.Masked(item.Detail)?.ToJsonString(JobJson.Options) ?? "")));
            if (lines.Length < 16_000)
                continue;
            await response.WriteAsync(lines.ToString(), ct);
            lines.Clear();
        }

        await response.WriteAsync(lines.ToString(), ct);
    }
}
