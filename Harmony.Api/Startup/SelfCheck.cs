using Harmony.Api.Access;
using Harmony.Api.Configuration;
using Harmony.Api.Configuration.Keys;
using Harmony.Data;
using Harmony.Jobs;
using Harmony.Jobs.Files;
using Harmony.Jobs.Providers.Slskd;
using Harmony.Jobs.Providers.Spotify;
using Harmony.Orchestrator;
using Npgsql;

namespace Harmony.Api.Startup;

/// <summary>Checks the configuration and its surroundings in a fixed order; the first problem decides the exit code.</summary>
internal sealed class SelfCheck(Settings settings, TimeProvider time)
{
    // Required values without a possible default; all others have a default.
    private static readonly (string Provider, EnvKey Key, string Fix)[] Needed =
    [
        (SpotifyOptions.Provider, ProviderKeys.SpotifyClientId, "Register an application at developer.spotify.com and give its client id."),
        (SpotifyOptions.Provider, ProviderKeys.SpotifyClientSecret, "Give the secret of the same application, or name a file that holds it in SPOTIFY_CLIENT_SECRET_FILE."),
        (SlskdOptions.Provider, ProviderKeys.SlskdApiKey, "Make a key (openssl rand -hex 24), give it to slskd (web.authentication.api_keys) and to Harmony."),
    ];

    /// <summary>Checks the form of every value, and their combination; <c>serve</c> checks the same.</summary>
    public IReadOnlyList<SettingProblem> Form()
    {
        var problems = new List<SettingProblem>(settings.Problems);
        var keys = new ApiKeyStore(settings);
        problems.AddRange(keys.Problems);
        if (AccessMode.IsProd(settings) && settings.Get(ProviderKeys.ArtworkAllowPrivate).Count > 0)
            problems.Add(new(ExitCode.Missing, ProviderKeys.ArtworkAllowPrivate.Name, "is refused in the prod profile.", "Remove it: it lets image downloads reach private addresses."));
        problems.AddRange(Together());
        foreach (var check in (Action[])[() => AccessMode.Decide(settings, keys)])
        {
            try
            {
                check();
            }
            catch (StartupException e)
            {
                problems.AddRange(e.Problems);
            }
        }

        return problems;
    }

    // Combinations of values that are valid one by one, but not together.
    private IEnumerable<SettingProblem> Together()
    {
        if (settings.Get(EngineKeys.PollInterval) > settings.Get(EngineKeys.PollIntervalMax))
            yield return new(ExitCode.Malformed, EngineKeys.PollIntervalMax.Name, "is smaller than ORCH_POLL_INTERVAL_MS.", "Give a larger one.");
        if (settings.Get(MusicKeys.DlqPageSize) > settings.Get(MusicKeys.DlqPageSizeMax))
            yield return new(ExitCode.Malformed, MusicKeys.DlqPageSize.Name, "is larger than DLQ_PAGE_SIZE_MAX.", "Give a smaller one, or a larger DLQ_PAGE_SIZE_MAX.");
        foreach (var name in settings.Get(HostKeys.HealthDeps).Where(n => !IsOn(HostKeys.ProviderOf(n))))
            yield return new(ExitCode.Missing, HostKeys.HealthDeps.Name, $"names {name}, which INTEGRATIONS_ENABLED leaves out: nobody would look whether it is there.", "Remove it here, or add it there.");
        foreach (var queue in settings.Get(EngineKeys.HangfireQueues).Where(q => JobQueues.IsOurs(Lanes.All, q)))
            yield return new(ExitCode.Malformed, EngineKeys.HangfireQueues.Name, $"names {queue}, a queue of Harmony's own jobs.", "Name queues of other programs only, for example default.");
        if (LibraryPath.Fault(settings.Get(MusicKeys.MusicDir), settings.Get(MusicKeys.MoveTemplate)!) is { } fault)
            yield return new(ExitCode.Malformed, MusicKeys.MoveTemplate.Name, $"{fault}.", $"Give a path below MUSIC_DIR such as {LibraryPath.DefaultTemplate}.");
    }

    private bool IsOn(string provider) => settings.Get(ProviderKeys.Enabled).Contains(provider);

    /// <summary>Checks form, presence, directories and reachability; one finding per check.</summary>
    public async Task<IReadOnlyList<Finding>> FullAsync(CancellationToken cancellationToken)
    {
        var found = new List<Finding>();
        var form = Form();
        found.AddRange(form.Count > 0 ? form.Select(Finding.Of) : [Finding.Ok("configuration", "every value can be read.")]);
        found.AddRange(Absent().Select(Finding.Of));
        var downloads = DownloadsFolder();
        var shared = Folder(downloads.Name, downloads.Path);
        var music = (MusicKeys.MusicDir.Name, Path: settings.Get(MusicKeys.MusicDir));
        found.AddRange([shared, Folder(music.Name, music.Path), Folder(HostKeys.KeysDir.Name, settings.Get(HostKeys.KeysDir), create: true)]);
        found.AddRange(Space(downloads, music));
        if (IsOn(SlskdOptions.Provider))
            found.AddRange(await new SlskdCheck(settings, time).FindAsync(shared.Problem is null ? downloads : null, cancellationToken));
        if (await DatabaseAsync(cancellationToken) is { } database)
            found.Add(database);
        return found;
    }

    private IEnumerable<SettingProblem> Absent()
    {
        foreach (var (_, key, fix) in Needed.Where(n => IsOn(n.Provider) && !settings.Has(n.Key) && !IsSpared(n.Key)))
            yield return new(ExitCode.Missing, key.Name, "is not set.", fix);
        if (new ApiKeyStore(settings).IsEmpty && (settings.Get(AccessKeys.RequireAuth) ?? AccessMode.IsProd(settings)))
        {
            yield return new(
                ExitCode.Missing,
                AccessKeys.ApiKeys.Name,
                $"is not set, and {(settings.Has(AccessKeys.RequireAuth) ? AccessKeys.RequireAuth.Name : HostKeys.Profile.Name)} demands one: every call would be refused.",
                "Set HARMONY_API_KEYS=name:role:key (openssl rand -hex 24 makes one).");
        }
    }

    // With the refresh token of a user the application secret is not needed.
    private bool IsSpared(EnvKey key) => key == ProviderKeys.SpotifyClientSecret && settings.Has(ProviderKeys.SpotifyRefreshToken);

    // Where slskd's folder has a key of its own, DOWNLOADS_DIR is not used.
    private (string Name, string Path) DownloadsFolder() => settings.Get(MusicKeys.SlskdDownloadsDir) is { } own
        ? (MusicKeys.SlskdDownloadsDir.Name, own)
        : (MusicKeys.DownloadsDir.Name, settings.Get(MusicKeys.DownloadsDir));

    private static Finding Folder(string name, string path, bool create = false) =>
        FolderCheck.ProblemOf(name, path, create) is { } problem ? Finding.Of(problem) : Finding.Ok(name, $"{path} can be written.");

    // A nearly full disk stops no start: downloads wait, everything else goes on.
    private IEnumerable<Finding> Space(params (string Name, string Path)[] folders)
    {
        var space = new FreeSpace(settings.Get(MusicKeys.MinFreeDiskMb));
        foreach (var (name, path) in folders.Where(f => space.IsChecked && Directory.Exists(f.Path)))
            yield return space.ShortageOf(path) is { } shortage ? Finding.Warning(name, $"{shortage}.") : Finding.Ok(name, $"the disk of {path} has {FreeSpace.LeftOn(path)}.");
    }

    private async Task<Finding?> DatabaseAsync(CancellationToken cancellationToken)
    {
        if (settings.Problems.Any(p => p.Component == DatabaseKeys.Url.Name))
            return null;

        try
        {
            await using var source = NpgsqlDataSource.Create(DatabaseAddress.Of(settings));
            await using var connection = await source.OpenConnectionAsync(cancellationToken);
            return Finding.Ok(DatabaseKeys.Url.Name, $"PostgreSQL {connection.PostgreSqlVersion} answers.");
        }
        catch (Exception e) when (DatabaseErrors.IsDatabaseError(e))
        {
            return Finding.Of(new(ExitCode.Unreachable, DatabaseKeys.Url.Name, $"the database does not answer: {e.Message}", "Start PostgreSQL, or correct the address."));
        }
    }
}
