using System.Globalization;
using System.Text;
using Harmony.Api.Jobs;
using Harmony.Api.Pages.Shell;
using Harmony.Orchestrator;

namespace Harmony.Api.Pages.Audit;

/// <summary>GET /ui/audit/export: the rows of the filter as CSV, newest first.</summary>
internal static class AuditExport
{
    private const int Most = 1_000_000;

    public static Task SendAsync(HttpContext context, ExportResponse export, OperatorAudit audit)
    {
        var query = AuditQuery.Of(name => context.Request.Query[name].ToString().Trim() is { Length: > 0 and <= 200 } text ? text : null);
        return export.SendAsync(context, "text/csv", "audit.csv", async (response, cancellationToken) =>
        {
            var lines = new StringBuilder(CsvLine.Of("action_id", "at", "actor", "action", "target", "affected", "dry_run", "detail"));
            await foreach (var item in audit.StreamAsync(query.Filter, Most, cancellationToken))
            {
                lines.Append(CsvLine.Of(
                    item.ActionId, item.At.UtcDateTime.ToString("O", CultureInfo.InvariantCulture), item.Actor, item.Action, item.Target, item.Affected, item.DryRun,
                    Secrets.Scrub(JobDetails.Masked(item.Detail)?.ToJsonString(JobJson.Options) ?? "")));
                if (lines.Length < 16_000)
                    continue;
                await response.WriteAsync(lines.ToString(), cancellationToken);
                lines.Clear();
            }

            await response.WriteAsync(lines.ToString(), cancellationToken);
        });
    }
}
