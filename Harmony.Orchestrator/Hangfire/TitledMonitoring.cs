using Hangfire.Common;
using Hangfire.Storage;
using Hangfire.Storage.Monitoring;

namespace Harmony.Orchestrator;

/// <summary>Hangfire's monitoring answers for its dashboard, plus the title of each listed job.</summary>
internal sealed class TitledMonitoring(IMonitoringApi api, JobTitles titles) : IMonitoringApi
{
    public IList<QueueWithTopEnqueuedJobsDto> Queues()
    {
        var queues = api.Queues();
        titles.Remember([.. queues.SelectMany(q => q.FirstJobs).Where(j => j.Value?.Job is not null).Select(j => (j.Key, j.Value.Job))]);
        return queues;
    }

    public JobDetailsDto JobDetails(string jobId)
    {
        var details = api.JobDetails(jobId);
        if (details?.Job is { } job)
            titles.Remember([(jobId, job)]);
        return details!;
    }

    public JobList<EnqueuedJobDto> EnqueuedJobs(string queue, int from, int perPage) => Titled(api.EnqueuedJobs(queue, from, perPage), j => j.Job);

    public JobList<FetchedJobDto> FetchedJobs(string queue, int from, int perPage) => Titled(api.FetchedJobs(queue, from, perPage), j => j.Job);

    public JobList<ProcessingJobDto> ProcessingJobs(int from, int count) => Titled(api.ProcessingJobs(from, count), j => j.Job);

    public JobList<ScheduledJobDto> ScheduledJobs(int from, int count) => Titled(api.ScheduledJobs(from, count), j => j.Job);

    public JobList<SucceededJobDto> SucceededJobs(int from, int count) => Titled(api.SucceededJobs(from, count), j => j.Job);

    public JobList<FailedJobDto> FailedJobs(int from, int count) => Titled(api.FailedJobs(from, count), j => j.Job);

    public JobList<DeletedJobDto> DeletedJobs(int from, int count) => Titled(api.DeletedJobs(from, count), j => j.Job);

    public IList<ServerDto> Servers() => api.Servers();

    public StatisticsDto GetStatistics() => api.GetStatistics();

    public long ScheduledCount() => api.ScheduledCount();

    public long EnqueuedCount(string queue) => api.EnqueuedCount(queue);

    public long FetchedCount(string queue) => api.FetchedCount(queue);

    public long FailedCount() => api.FailedCount();

    public long ProcessingCount() => api.ProcessingCount();

    public long SucceededListCount() => api.SucceededListCount();

    public long DeletedListCount() => api.DeletedListCount();

    public IDictionary<DateTime, long> SucceededByDatesCount() => api.SucceededByDatesCount();

    public IDictionary<DateTime, long> FailedByDatesCount() => api.FailedByDatesCount();

    public IDictionary<DateTime, long> HourlySucceededJobs() => api.HourlySucceededJobs();

    public IDictionary<DateTime, long> HourlyFailedJobs() => api.HourlyFailedJobs();

    private JobList<TDto> Titled<TDto>(JobList<TDto> jobs, Func<TDto, Job?> jobOf)
        where TDto : class
    {
        titles.Remember([.. jobs.Where(j => j.Value is not null && jobOf(j.Value) is not null).Select(j => (j.Key, jobOf(j.Value)!))]);
        return jobs;
    }
}
