using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using Hangfire;
using Hangfire.Dashboard;
using Npgsql;

namespace Harmony.Orchestrator;

/// <summary>Harmony's additions to Hangfire's dashboard: links to our pages, and the ledger's data on the page of a job.</summary>
public static class DashboardParts
{
    private const string OfJob =
        """
        select
            'About' as a, title, 'Lane', lane, 'Attempts', attempts || ' of ' || max_retries + 1, 'Reason', reason_code, 'Last error', last_error,
            'Progress', progress_line, 'Requested by', requested_by, 'Schedule', schedule, 'Parent', parent_job_id::text, 'Trace', trace_id
        from harmony.job
        where job_id = $1
        """;

    private static readonly ConditionalWeakTable<JobStorage, NpgsqlDataSource> Sources = [];
    private static int _registered;

    public static void Register(JobStorage storage, NpgsqlDataSource source)
    {
        Sources.AddOrUpdate(storage, source);

        // The dashboard's lists belong to the process, not to one dashboard.
        if (Interlocked.Exchange(ref _registered, 1) == 1)
            return;
        NavigationMenu.Items.Add(_ => new MenuItem("Dead letters", "/ui/dead-letters"));
        NavigationMenu.Items.Add(_ => new MenuItem("Schedules", "/ui/schedules"));
        NavigationMenu.Items.Add(_ => new MenuItem("Lanes", "/ui/lanes"));
        NavigationMenu.Items.Add(_ => new MenuItem("Audit", "/ui/audit"));
        GlobalConfiguration.Configuration.UseJobDetailsRenderer(50, page => new NonEscapedString(Details(page)));
    }

    private static string Details(JobDetailsRendererDto page) =>
        Sources.TryGetValue(page.Page.Storage, out var source) && long.TryParse(page.JobId, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"<h3>Harmony</h3><dl class=\"dl-horizontal\">{string.Concat(Facts(source, id))}</dl><p><a href=\"/ui/jobs/{id}\">Its history, attempts and children</a></p>")
            : "";

    private static List<string> Facts(NpgsqlDataSource source, long id)
    {
        using var command = source.CreateCommand(OfJob);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = id });
        using var row = command.ExecuteReader();
        List<string> facts = [];
        if (!row.Read())
            return facts;
        for (var i = 0; i < row.FieldCount; i += 2)
        {
            if (!row.IsDBNull(i + 1))
                facts.Add($"<dt>{row.GetString(i)}</dt><dd>{WebUtility.HtmlEncode(row.GetString(i + 1))}</dd>");
        }

        return facts;
    }
}
