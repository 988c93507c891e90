using System.Net.Sockets;
using Harmony.Api.Access;
using Harmony.Api.Configuration.Keys;
using Harmony.Api.Hosting;
using Npgsql;

namespace Harmony.Api.Configuration;

/// <summary>Looks at the configuration and its surroundings in a fixed order; the first problem decides the exit code.</summary>
public sealed class SelfCheck(Settings settings, TimeProvider time)
{
    private const int Tries = 3;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>The form of every value, and whether the values together are allowed: what <c>serve</c> checks too.</summary>
    public IReadOnlyList<SettingProblem> Form()
    {
        var problems = new List<SettingProblem>(settings.Problems);
        var keys = new KeyRing(settings);
        problems.AddRange(keys.Problems);
        if (AccessMode.IsProd(settings) && settings.Get(ProviderKeys.ArtworkAllowPrivate).Count > 0)
            problems.Add(new(ExitCode.Missing, ProviderKeys.ArtworkAllowPrivate.Name, "is refused in the prod profile.", "Remove it: it lets image downloads reach private addresses."));
        if (settings.Get(EngineKeys.PollInterval) > settings.Get(EngineKeys.PollIntervalMax))
            problems.Add(new(ExitCode.Malformed, EngineKeys.PollIntervalMax.Name, "is smaller than ORCH_POLL_INTERVAL_MS.", "Give a larger one."));
        foreach (var check in (Action[])[() => EngineChoice.Check(settings), () => AccessMode.Decide(settings, keys)])
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

    /// <summary>Form, presence, directories and reachability.</summary>
    public async Task<IReadOnlyList<SettingProblem>> FullAsync(CancellationToken ct)
    {
        var problems = new List<SettingProblem>(Form());
        problems.AddRange(Absent());
        problems.AddRange(Directories());
        if (await SlskdAsync(ct) is { } slskd)
            problems.Add(slskd);
        if (await DatabaseAsync(ct) is { } database)
            problems.Add(database);
        return problems;
    }

    private IEnumerable<SettingProblem> Absent()
    {
        EnvKey[] needed = [ProviderKeys.SpotifyClientId, ProviderKeys.SpotifyClientSecret, MusicKeys.DownloadsDir, MusicKeys.MusicDir, ProviderKeys.SlskdApiKey];
        foreach (var key in needed.Where(k => !settings.Has(k)))
            yield return new(ExitCode.Missing, key.Name, "is not set.", key.About);
        if (!settings.Has(ProviderKeys.Slskd) && !settings.Has(ProviderKeys.SlskdHost))
            yield return new(ExitCode.Missing, ProviderKeys.Slskd.Name, "is not set.", "Set it, or SLSKD_HOST and SLSKD_PORT.");
        if (new KeyRing(settings).IsEmpty && settings.Get(AccessKeys.RequireAuth) == true)
            yield return new(ExitCode.Missing, AccessKeys.ApiKeys.Name, "is not set, and FEATURE_REQUIRE_AUTH=true refuses every call without one.", "Set HARMONY_API_KEYS=name:role:key.");
    }

    private IEnumerable<SettingProblem> Directories()
    {
        foreach (var (key, create) in new[] { (MusicKeys.DownloadsDir, false), (MusicKeys.MusicDir, false), (HostKeys.KeysDir, true) })
        {
            if (DirectoryProblem(key.Name, settings.Get(key), create) is { } problem)
                yield return problem;
        }
    }

    private static SettingProblem? DirectoryProblem(string name, string path, bool create)
    {
        try
        {
            if (create)
                Directory.CreateDirectory(path);
            if (!Directory.Exists(path))
                return new(ExitCode.Directory, name, $"{path} does not exist.", "Create it, or name another.");

            var probe = Path.Combine(path, $".harmony-{Guid.CreateVersion7():N}");
            File.WriteAllText(probe, "");
            File.Delete(probe);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new(ExitCode.Directory, name, $"{path} cannot be written: {e.Message}", "Give the user Harmony runs as the right to write there.");
        }
    }

    private async Task<SettingProblem?> SlskdAsync(CancellationToken ct)
    {
        var url = Addresses.Slskd(settings);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(url.Host, url.Port, ct).AsTask().WaitAsync(Pause, time, ct);
                return null;
            }
            catch (Exception e) when (e is SocketException or TimeoutException)
            {
                if (attempt == Tries)
                    return new(ExitCode.Unreachable, ProviderKeys.Slskd.Name, $"nothing answers at {url.Host}:{url.Port} ({e.Message.TrimEnd('.')}).", "Start slskd, or correct the address.");
                await Task.Delay(Pause, time, ct);
            }
        }
    }

    private async Task<SettingProblem?> DatabaseAsync(CancellationToken ct)
    {
        if (settings.Problems.Any(p => p.Component == DatabaseKeys.Url.Name))
            return null;

        try
        {
            await using var source = NpgsqlDataSource.Create(DatabaseAddress.Of(settings));
            await using var command = source.CreateCommand("select 1");
            await command.ExecuteScalarAsync(ct);
            return null;
        }
        catch (Exception e) when (e is NpgsqlException or SocketException or TimeoutException)
        {
            return new(ExitCode.Unreachable, DatabaseKeys.Url.Name, $"the database does not answer: {e.Message}", "Start PostgreSQL, or correct the address.");
        }
    }
}
