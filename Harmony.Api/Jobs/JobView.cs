using System.Text.Json;
using System.Text.Json.Nodes;
using Harmony.Orchestrator;

namespace Harmony.Api.Jobs;

/// <summary>A job in a list.</summary>
internal sealed record JobView(
    long Id,
    string Kind,
    string? Title,
    string? Lane,
    string? Status,
    string? Reason,
    string? ReasonCode,
    int Attempts,
    int MaxRetries,
    string? Error,
    ProgressView? Progress,
    string? RequestedBy,
    DateTimeOffset CreatedAt,
    DateTimeOffset? DueAt,
    DateTimeOffset? StartedAt,
    DateTimeOffset? FinishedAt,
    DateTimeOffset? DeadLetteredAt,
    long? DurationMs)
{
    public static JobView Of(JobLine j) => new(
        j.JobId, j.Kind, j.Title, j.Lane, j.State, Scrubbed(j.Reason), j.ReasonCode, j.Attempts, j.MaxRetries, Scrubbed(j.LastError),
        ProgressView.Of(j.ProgressDone, j.ProgressTotal, j.ProgressLine), j.RequestedBy,
        j.CreatedAt, j.DueAt, j.StartedAt, j.FinishedAt, j.DeadLetteredAt, j.DurationMs);

    internal static string? Scrubbed(string? text) => text is null ? null : Secrets.Scrub(text);
}

internal sealed record ProgressView(long Done, long? Total, string? Line)
{
    public static ProgressView? Of(long? done, long? total, string? line) => done is { } count ? new(count, total, JobView.Scrubbed(line)) : null;
}

/// <summary>One job with its history.</summary>
internal sealed record JobDetails(
    long Id,
    string Kind,
    string? Title,
    string? Lane,
    string? Queue,
    string? Status,
    string? Reason,
    string? ReasonCode,
    int Priority,
    int Attempts,
    int MaxRetries,
    JsonNode? Args,
    JsonNode? Result,
    string? UniqueKey,
    string? FirstError,
    string? Error,
    ProgressView? Progress,
    string? RequestedBy,
    string? Schedule,
    long? ParentJobId,
    string? TraceId,
    string? Worker,
    DateTimeOffset CreatedAt,
    DateTimeOffset? DueAt,
    DateTimeOffset? StartedAt,
    DateTimeOffset? FinishedAt,
    DateTimeOffset? DeadLetteredAt,
    long? DurationMs,
    long? Ahead,
    DateTimeOffset? ExpectedAt,
    IReadOnlyList<JobEventView> History)
{
    private const int DeepestShown = 20;

    /// <param name="mayKnowArguments">False for the role viewer: arguments and result are then left out.</param>
    public static JobDetails Of(JobSheet j, PlaceInLine? place, IReadOnlyList<JobEvent> history, bool mayKnowArguments) => new(
        j.JobId, j.Kind, j.Title, j.Lane, j.Queue, j.State, JobView.Scrubbed(j.Reason), j.ReasonCode, j.Priority, j.Attempts, j.MaxRetries,
        mayKnowArguments ? Masked(j.Args) : null, mayKnowArguments ? Masked(j.Result) : null, j.UniqueKey, JobView.Scrubbed(j.FirstError), JobView.Scrubbed(j.LastError),
        ProgressView.Of(j.ProgressDone, j.ProgressTotal, j.ProgressLine), j.RequestedBy, j.Schedule, j.ParentJobId, j.TraceId, j.Worker,
        j.CreatedAt, j.DueAt, j.StartedAt, j.FinishedAt, j.DeadLetteredAt, j.DurationMs, place?.Ahead, place?.ExpectedAt,
        [.. history.Select(JobEventView.Of).Reverse()]);

    internal static JsonNode? Masked(string? json)
    {
        var node = json is null ? null : JsonNode.Parse(json, null, new JsonDocumentOptions { MaxDepth = 1000 });
        Mask(node, 0);
        return node;
    }

    // Arguments from other programs may be nested deeper than an answer can be.
    private static void Mask(JsonNode? node, int depth)
    {
        if (node is JsonArray array)
        {
            for (var i = 0; i < array.Count; i++)
            {
                if (depth >= DeepestShown)
                    array[i] = "…";
                Mask(array[i], depth + 1);
            }
        }
        else if (node is JsonObject fields)
        {
            foreach (var name in fields.Select(f => f.Key).ToList())
            {
                if (Secrets.IsSecret(name))
                    fields[name] = Secrets.Mask;
                else if (depth >= DeepestShown)
                    fields[name] = "…";
                else
                    Mask(fields[name], depth + 1);
            }
        }
    }
}

internal sealed record JobEventView(
    long Id, DateTimeOffset At, string? FromState, string ToState, string? Reason, string? Actor, string? Worker, long? DurationMs, string? Error)
{
    public static JobEventView Of(JobEvent e) =>
        new(e.EventId, e.At, e.FromState, e.ToState, JobView.Scrubbed(e.Reason), e.Actor, e.Worker, e.DurationMs, JobView.Scrubbed(e.Error));
}
