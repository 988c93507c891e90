using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Harmony.Orchestrator;

/// <summary>The reasons to cancel a run: the process stops, or the lease is lost.</summary>
public sealed record RunTokens(CancellationToken Stopping, CancellationToken LeaseLost);

/// <summary>Runs one ticket and returns its outcome: record the start, resolve the job, run it with a timeout, report the end.</summary>
public sealed partial class JobRunner(
    Catalogue catalogue, RetryPolicies policies, ProviderGates gates, JobRuns runs, RandomSource random, ILogger<JobRunner> log)
{
    /// <summary>The outcome to write; null when the run has lost its job.</summary>
    public async Task<JobOutcome?> RunAsync(JobTicket ticket, RunTokens tokens)
    {
        using var activity = JobTraces.Start(ticket);
        using var scope = log.BeginScope(new Dictionary<string, object?>
        {
            ["job_id"] = ticket.JobId,
            ["job_type"] = ticket.Kind,
            ["attempt"] = ticket.Attempts + 1,
            ["title"] = ticket.Title,
            ["trace_id"] = activity.TraceId.ToHexString(),
        });
        var started = Stopwatch.GetTimestamp();
        LogStart(ticket.Kind, ticket.JobId);
        var outcome = await RunToEndAsync(ticket, tokens);
        JobTraces.End(activity, outcome);
        if (outcome is null)
        {
            LogLost(ticket.Kind, ticket.JobId);
            return null;
        }

        var took = Stopwatch.GetElapsedTime(started);
        EngineMetrics.Ended(ticket.Kind, outcome, took);
        LogEnd(ticket.Kind, ticket.JobId, outcome.Ending, (long)took.TotalMilliseconds, outcome.Reason ?? outcome.ErrorMessage);
        return outcome with { Milliseconds = (long)took.TotalMilliseconds };
    }

    private async Task<JobOutcome?> RunToEndAsync(JobTicket ticket, RunTokens tokens)
    {
        var kind = catalogue.Find(ticket.Kind)
            ?? throw new InvalidOperationException($"fetched a {ticket.Kind}, which this process does not know");
        var policy = policies.For(kind);
        using var timeout = new CancellationTokenSource(policy.Timeout);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(tokens.Stopping, tokens.LeaseLost, timeout.Token);
        try
        {
            return Ended(ticket, await runs.CarryOutAsync(kind, ticket, linked.Token));
        }
        catch (LeaseLostException)
        {
            return null;
        }
        catch (Exception) when (tokens.LeaseLost.IsCancellationRequested)
        {
            return null;
        }
        catch (OperationCanceledException) when (tokens.Stopping.IsCancellationRequested)
        {
            return For(ticket, JobEndings.Returned) with { Reason = "the worker stopped" };
        }
        catch (OperationCanceledException e) when (timeout.IsCancellationRequested)
        {
            var message = $"The job took longer than {policy.Timeout.TotalSeconds:0.#} s.";
            return Failed(ticket, policy, new TimeoutException(message, e), "timeout");
        }
        catch (ProviderBlockedException e)
        {
            return await BlockedAsync(ticket, e);
        }
        catch (PermanentJobException e)
        {
            return Dead(ticket, e, e.ReasonCode);
        }
        catch (ProviderFailedException e) when (e.IsOutage && kind.Spec.Providers.Contains(e.Provider))
        {
            await CountOutageAsync(e);
            return Failed(ticket, policy, e, "provider_unavailable");
        }
        catch (Exception e)
        {
            return Failed(ticket, policy, e, "retries_exhausted");
        }
    }

    // The gate closes for the whole fleet. Wake-ups are spread, so that not all jobs call in the same second. Opening the gate wakes all of them.
    private async Task<JobOutcome> BlockedAsync(JobTicket ticket, ProviderBlockedException e)
    {
        var blocked = e.Lasting((await gates.BlockAsync(e, CancellationToken.None)).Wait!.Value);
        var wait = blocked.Wait.TotalSeconds;
        var delay = wait + (random.Next() * Math.Clamp(wait * 0.1, 1, 60));
        return For(ticket, JobEndings.Parked) with { DelaySeconds = delay, WakeKey = $"gate:{e.Provider}", Reason = SafeText.Line(blocked.Message) };
    }

    // Every failure is reported: five in a row may come from five processes.
    private async Task CountOutageAsync(ProviderFailedException e)
    {
        if (await gates.CountFailureAsync(e, CancellationToken.None))
            LogGate(e.Provider, e.Message);
    }

    private static JobOutcome Ended(JobTicket ticket, JobEnd end) => end switch
    {
        JobEnd.Finished done => For(ticket, JobEndings.Succeeded) with
        {
            ResultJson = done.Result is null ? null : SafeText.Clean(JsonSerializer.Serialize(done.Result, JobJson.Options)),
        },
        JobEnd.Snoozed snooze => For(ticket, JobEndings.Snoozed) with
        {
            DelaySeconds = snooze.Delay.TotalSeconds,
            Reason = SafeText.Line(snooze.Reason),
        },
        JobEnd.Parked park => For(ticket, JobEndings.Parked) with
        {
            DelaySeconds = park.Deadline.TotalSeconds,
            WakeKey = park.WakeKey,
            Reason = SafeText.Line(park.Reason),
        },
        JobEnd.Discarded discard => For(ticket, JobEndings.Discarded) with
        {
            ReasonCode = discard.ReasonCode,
            Reason = SafeText.Line(discard.Reason),
        },
        _ => throw new InvalidOperationException($"{ticket.Kind} ended as {end.GetType().Name}, which is not an ending of a job"),
    };

    private JobOutcome Failed(JobTicket ticket, RetryPolicy policy, Exception e, string spentCode)
    {
        LogFailure(e, ticket.Kind, ticket.JobId);
        return ticket.Attempts >= policy.MaxRetries
            ? Dead(ticket, e, spentCode)
            : WithError(For(ticket, JobEndings.Retry), e) with
            {
                ReasonCode = spentCode == "timeout" ? spentCode : null,
                DelaySeconds = policy.Delay(ticket.Attempts, random.Next()).TotalSeconds,
            };
    }

    private static JobOutcome Dead(JobTicket ticket, Exception e, string reasonCode) =>
        WithError(For(ticket, JobEndings.Dead), e) with { ReasonCode = reasonCode, Reason = SafeText.Line(e.Message) };

    private static JobOutcome WithError(JobOutcome outcome, Exception e) => outcome with
    {
        ErrorType = e.GetType().FullName,
        ErrorMessage = SafeText.WithoutSecrets(e.Message, 4000),
        ErrorDetails = SafeText.WithoutSecrets(e.ToString(), 16_000),
    };

    private static JobOutcome For(JobTicket ticket, string ending) => new()
    {
        TicketId = ticket.TicketId,
        JobId = ticket.JobId,
        Fence = ticket.Fence,
        Ending = ending,
    };

    [LoggerMessage(EventName = "worker.job", Level = LogLevel.Debug, Message = "Start {Kind} {JobId}")]
    private partial void LogStart(string kind, long jobId);

    [LoggerMessage(EventName = "worker.job", Level = LogLevel.Information, Message = "{Ending} {Kind} {JobId} in {DurationMs} ms: {Reason}")]
    private partial void LogEnd(string kind, long jobId, string ending, long durationMs, string? reason);

    [LoggerMessage(EventName = "worker.job", Level = LogLevel.Warning, Message = "Lease of {Kind} {JobId} lost")]
    private partial void LogLost(string kind, long jobId);

    [LoggerMessage(EventName = "orchestrator.gate", Level = LogLevel.Warning, Message = "Gate of {Provider} closed: {Reason}")]
    private partial void LogGate(string provider, string reason);

    [LoggerMessage(EventName = "worker.job", Level = LogLevel.Warning, Message = "Failed {Kind} {JobId}")]
    private partial void LogFailure(Exception e, string kind, long jobId);
}
