using System.CommandLine;
using Harmony.Api.Configuration;
using Harmony.Api.Configuration.Keys;
using Harmony.Jobs.Artists;
using Harmony.Jobs.Watchlist;

namespace Harmony.Api.Cli;

/// <summary><c>harmony sandbox-seed ID…</c>: watches the sandbox's artists with everything they released. Refuses anywhere else.</summary>
public static class SandboxSeedVerb
{
    public static Command Make(Func<Settings> load)
    {
        var ids = new Argument<string[]>("artists") { Description = "Spotify ids; without any, the sandbox's three watched artists.", Arity = ArgumentArity.ZeroOrMore };
        var verb = new Command("sandbox-seed", "Watch the sandbox's artists, so that there is something to see.") { ids };
        verb.SetAction(async (parsed, ct) =>
        {
            var settings = load();
            var spotify = settings.Get(ProviderKeys.SpotifyApi);
            if (!spotify.IsLoopback)
            {
                throw new StartupException(new SettingProblem(
                    ExitCode.Missing, ProviderKeys.SpotifyApi.Name, $"{spotify} is not a sandbox on this machine.", "This verb is for the sandbox only; use POST /watchlist."));
            }

            return await Session.RunAsync(settings, async services =>
            {
                var book = services.GetRequiredService<WatchlistBook>();
                IReadOnlyList<string> chosen = parsed.GetValue(ids) is { Length: > 0 } given ? given : SandboxArtists.Watched;
                foreach (var id in chosen)
                {
                    var entry = await book.AddAsync(new WatchRequest(ArtistKey.OfSpotify(id), Backlog: Backlog.All), Session.Actor, ct);
                    await parsed.InvocationConfiguration.Output.WriteLineAsync(entry switch
                    {
                        WatchlistEntry.Added => $"watching {id}",
                        WatchlistEntry.Duplicate => $"{id} is watched already",
                        WatchlistEntry.Invalid invalid => $"{id}: {invalid.Field} {invalid.Message}",
                        _ => id,
                    });
                }

                return 0;
            });
        });
        return verb;
    }
}
