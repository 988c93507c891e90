using Harmony.Api.Access;
using Harmony.Api.Jobs;
using Harmony.Api.Pages.Shell;
using Harmony.Jobs.Downloads;
using Harmony.Orchestrator;

namespace Harmony.Api.Pages.Downloads;

/// <summary>The actions on one download, and the order of a release.</summary>
internal static class DownloadActions
{
    public static void Map(RouteGroupBuilder acts)
    {
        acts.MapAct("/ui/downloads/{id:long}/cancel", async (long id, HttpContext context, DownloadOperations operations, CancellationToken cancellationToken) =>
            NoticeOf(await operations.CancelAsync(Actor.Of(context), id, cancellationToken)));
        acts.MapAct("/ui/downloads/{id:long}/retry", async (long id, HttpContext context, DownloadOperations operations, CancellationToken cancellationToken) =>
            NoticeOf(await operations.RetryAsync(Actor.Of(context), id, cancellationToken)));
        acts.MapAct("/ui/releases/{id:long}/download", async (long id, HttpContext context, DownloadOperations operations, CancellationToken cancellationToken) =>
            await operations.OrderReleaseAsync(Actor.Of(context), id, cancellationToken) is > 0 and var tracks
                ? new Notice($"{Words.Count(tracks, "track is", "tracks are")} ordered.")
                : new Notice("Nothing is missing: every known track is on its way, in the library or a dead letter.", Bad: true));
    }

    private static Notice NoticeOf(OperatorOutcome outcome) => outcome switch
    {
        OperatorOutcome.Requeued => new Notice("The download is tried again."),
        OperatorOutcome.NotFound => new Notice("There is no such download.", Bad: true),
        OperatorOutcome.NotDeadLetter => new Notice("Only a failed or cancelled download can be tried again.", Bad: true),
        OperatorOutcome.Superseded => new Notice("The track is on its way, or in the library, in another download.", Bad: true),
        _ => new Notice($"The download is {OutcomeWords.Sentence(outcome)}.", Bad: !outcome.IsDone()),
    };
}
