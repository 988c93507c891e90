using Harmony.Api.Access;
using Harmony.Api.Pages.Shell;
using Harmony.Jobs.Downloads;

namespace Harmony.Api.Pages.Wanted;

/// <summary>The actions of the page of wanted tracks.</summary>
internal static class WantedActions
{
    public static void Map(RouteGroupBuilder acts)
    {
        acts.MapAct("/ui/wanted/search", (HttpContext context, WantedOperations operations, CancellationToken cancellationToken) =>
            SelectedAsync(context, ids => operations.SearchNowAsync(Actor.Of(context), ids, cancellationToken), Searched, cancellationToken));
        acts.MapAct("/ui/wanted/search-all", async (HttpContext context, WantedOperations operations, CancellationToken cancellationToken) =>
            Searched(await operations.SearchNowAsync(Actor.Of(context), null, cancellationToken)));
        acts.MapAct("/ui/wanted/stop", (HttpContext context, WantedOperations operations, CancellationToken cancellationToken) =>
            SelectedAsync(context, ids => operations.StopAsync(Actor.Of(context), ids, cancellationToken), Stopped, cancellationToken));
    }

    private static async Task<Notice> SelectedAsync(
        HttpContext context, Func<IReadOnlyList<long>, Task<WantedChange>> act, Func<WantedChange, Notice> words, CancellationToken cancellationToken)
    {
        var ids = await PostedForm.NumbersAsync(context, "job", cancellationToken);
        return ids.Count switch
        {
            0 => new Notice("No track was selected.", Bad: true),
            > WantedOperations.Most => new Notice($"At most {WantedOperations.Most} tracks at once.", Bad: true),
            _ => words(await act(ids)),
        };
    }

    private static Notice Searched(WantedChange change) =>
        new($"{Words.Count(change.Changed, "track is", "tracks are")} searched as soon as the rate limit of searches allows.{Others(change)}", Bad: change.Changed == 0);

    private static Notice Stopped(WantedChange change) =>
        new($"{Words.Count(change.Changed, "track is", "tracks are")} not wanted any more.{Others(change)}", Bad: change.Changed == 0);

    private static string Others(WantedChange change) =>
        change.Changed == change.Asked ? "" : $" {Words.Count(change.Asked - change.Changed)} could not be changed: found in the meantime, or busy at this moment.";
}
