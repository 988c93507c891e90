using System.Text.Json;
using System.Text.Json.Nodes;
using Harmony.Api.Access;
using Harmony.Api.Jobs;
using Harmony.Api.Pages.Shell;
using Harmony.Orchestrator;

namespace Harmony.Api.Pages.DeadLetters;

/// <summary>GET /ui/dead-letters/export: the dead letters of the filter as JSON lines, one job a line, without a limit.</summary>
internal static class DeadLettersExport
{
    public static Task SendAsync(
        string? kind, string? reason, string? age, string? text, HttpContext context, ExportResponse export, Orchestrator.DeadLetters letters)
    {
        var choice = new DeadLetterChoice { Kind = Filled(kind), ReasonCode = Filled(reason), Text = Filled(text), OlderThan = DeadLetterAge.Of(age)?.Length };
        var mayKnowArguments = context.User.IsInRole(Roles.Operator);
        return export.SendAsync(context, "application/x-ndjson", "dead-letters.jsonl", async (response, cancellationToken) =>
        {
            await foreach (var letter in letters.StreamAsync(choice, cancellationToken))
            {
                var line = new DeadLetterLine(
                    letter.JobId, letter.Kind, letter.ReasonCode ?? "unknown", JobView.Scrubbed(letter.LastError), letter.Attempts, letter.UniqueKey,
                    letter.TraceId, letter.CreatedAt, letter.DeadLetteredAt, mayKnowArguments ? JobDetails.Masked(letter.Args) : null);
                await response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(line, JobJson.Options), cancellationToken);
                await response.Body.WriteAsync("\n"u8.ToArray(), cancellationToken);
            }
        });
    }

    private static string? Filled(string? text) => text?.Trim() is { Length: > 0 and <= 200 } filled ? filled : null;

    private sealed record DeadLetterLine(
        long JobId, string Kind, string ReasonCode, string? LastError, int Attempts, string? UniqueKey, string? TraceId,
        DateTimeOffset CreatedAt, DateTimeOffset DeadLetteredAt, JsonNode? Args);
}
