using System.CommandLine;
using Harmony.Api.Configuration;
using Harmony.Jobs.Artists;
using Harmony.Jobs.Artists.Watch;

namespace Harmony.Api.Cli;

/// <summary><c>harmony watch ID…</c>: puts artists on the watchlist, as <c>POST /watchlist</c> does.</summary>
internal static class WatchVerb
{
    public static Command Make(Func<Settings> load)
    {
        var ids = new Argument<string[]>("artists") { Description = "Spotify ids of the artists.", Arity = ArgumentArity.OneOrMore };
        var backlog = new Option<string>("--backlog") { Description = "Which releases are wanted that are out already: none, or all.", DefaultValueFactory = _ => Backlog.None };
        backlog.AcceptOnlyFromAmong(Backlog.None, Backlog.All);
        var verb = new Command("watch", "Put artists on the watchlist.") { ids, backlog };
        verb.SetAction((parsed, cancellationToken) => Session.RunAsync(load(), async services =>
        {
            var watchlist = services.GetRequiredService<WatchlistEntries>();
            var output = parsed.InvocationConfiguration.Output;
            var refused = 0;
            foreach (var id in parsed.GetValue(ids)!)
            {
                switch (await watchlist.AddAsync(new WatchRequest(ArtistKey.OfSpotify(id), Backlog: parsed.GetValue(backlog)!), Session.Actor, cancellationToken))
                {
                    case WatchlistEntry.Invalid invalid:
                        await output.WriteLineAsync($"{id}: {invalid.Field} {invalid.Message}");
                        refused++;
                        break;
                    case WatchlistEntry.Duplicate:
                        await output.WriteLineAsync($"{id} is watched already");
                        break;
                    default:
                        await output.WriteLineAsync($"watching {id}");
                        break;
                }
            }

            return refused == 0 ? 0 : (int)ExitCode.Issues;
        }));
        return verb;
    }
}
