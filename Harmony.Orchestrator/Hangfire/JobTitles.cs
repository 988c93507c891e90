using System.Globalization;
using System.Runtime.CompilerServices;
using Hangfire.Common;
using Npgsql;

namespace Harmony.Orchestrator;

/// <summary>
/// Titles of the ledger for the pages of Hangfire's dashboard. A page knows a job only as the object that was read, so the
/// title is stored with that object for the object's lifetime.
/// </summary>
public sealed class JobTitles(NpgsqlDataSource source)
{
    private readonly ConditionalWeakTable<Job, string> _titles = [];

    /// <summary>The title of a job that was read through this storage, else the kind, else Hangfire's own name.</summary>
    public string Of(Job job) =>
        _titles.TryGetValue(job, out var title) ? title
        : job.Type == typeof(JobEntry) && job.Args is [string kind, ..] ? kind
        : job.ToString();

    internal void Remember(IReadOnlyList<(string Id, Job Job)> jobs)
    {
        var numbers = jobs.Select(j => long.TryParse(j.Id, CultureInfo.InvariantCulture, out var n) ? n : 0).ToArray();
        if (numbers.Length == 0)
            return;
        using var command = source.CreateCommand("select job_id, case when lane is not null then kind end, title from harmony.job where job_id = any ($1)");
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = numbers });
        using var reader = command.ExecuteReader();
        Dictionary<long, string> found = [];
        while (reader.Read())
            found[reader.GetInt64(0)] = string.Join(" · ", Texts(reader));
        for (var i = 0; i < numbers.Length; i++)
        {
            if (found.TryGetValue(numbers[i], out var title) && title.Length > 0)
                _titles.AddOrUpdate(jobs[i].Job, title);
        }
    }

    private static IEnumerable<string> Texts(NpgsqlDataReader row) =>
        new[] { 1, 2 }.Where(column => !row.IsDBNull(column)).Select(row.GetString);
}
