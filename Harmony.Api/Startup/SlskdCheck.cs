using System.Text.RegularExpressions;
using Harmony.Api.Configuration;
using Harmony.Api.Configuration.Keys;
using Harmony.Jobs.Providers;
using Harmony.Jobs.Providers.Slskd;

namespace Harmony.Api.Startup;

/// <summary>Asks slskd whether address, key and version are right, whether it is logged in to Soulseek, and whether it writes where Harmony reads.</summary>
internal sealed partial class SlskdCheck(Settings settings, TimeProvider time)
{
    private const int Tries = 3;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    // The first one with batches of downloads.
    private static readonly Version Oldest = new(0, 26);

    /// <param name="downloads">The key and path of the folder of finished downloads; null when it cannot be used.</param>
    public async Task<IReadOnlyList<Finding>> FindAsync((string Name, string Path)? downloads, CancellationToken cancellationToken)
    {
        string[] address = [.. ProviderKeys.Slskd.Names, ProviderKeys.SlskdHost.Name, ProviderKeys.SlskdPort.Name];
        if (settings.Problems.Any(p => address.Contains(p.Component)))
            return [];

        await using var services = Services();
        var slskd = services.GetRequiredService<SlskdInspection>();
        var login = await LoginAsync(slskd, cancellationToken);
        if (login.Fault is { } fault)
        {
            // A missing key is reported as such.
            return fault.IsKeyRefused && !settings.Has(ProviderKeys.SlskdApiKey) ? [] : [Finding.Of(ProblemOf(fault))];
        }

        return
        [
            await VersionAsync(slskd, cancellationToken),
            Finding.Ok(ProviderKeys.SlskdApiKey.Name, "slskd accepts the key."),
            login.Value
                ? Finding.Ok(ProviderKeys.Slskd.Name, "slskd is logged in to Soulseek.")
                : Finding.Warning(ProviderKeys.Slskd.Name, "slskd is not logged in to Soulseek. It tries again by itself; if it does not succeed, look at the user name and password in slskd's own settings."),
            .. downloads is var (name, path) ? await new DownloadsProof(name, path, slskd).FindAsync(cancellationToken) : [],
        ];
    }

    private ServiceProvider Services() => new ServiceCollection()
        .AddLogging()
        .AddSingleton(time)
        .AddHarmonyProviders(new ProviderOptions
        {
            Slskd = new SlskdOptions
            {
                BaseUrl = Addresses.Slskd(settings),
                ApiKey = settings.Get(ProviderKeys.SlskdApiKey) ?? "",
                Timeout = settings.Get(ProviderKeys.SlskdTimeout),
            },
        })
        .BuildServiceProvider();

    private async Task<SlskdAnswer<bool>> LoginAsync(SlskdInspection slskd, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var answer = await slskd.IsLoggedInAsync(cancellationToken);
            if (attempt == Tries || answer.Fault is not { IsUnreachable: true })
                return answer;
            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    private async Task<Finding> VersionAsync(SlskdInspection slskd, CancellationToken cancellationToken)
    {
        var answer = await slskd.GetVersionAsync(cancellationToken);
        if (answer.Fault is { } fault)
            return Finding.Warning(ProviderKeys.Slskd.Name, $"the version of slskd could not be read: {fault.Sentence}.");
        if (!Version.TryParse(Leading().Match(answer.Value!).Value, out var version))
            return Finding.Warning(ProviderKeys.Slskd.Name, $"slskd calls its version \"{answer.Value}\"; Harmony needs {Oldest} or later.");
        return version >= Oldest
            ? Finding.Ok(ProviderKeys.Slskd.Name, $"slskd {answer.Value} answers at {Shown()}.")
            : Finding.Of(new(ExitCode.Unreachable, ProviderKeys.Slskd.Name, $"slskd is version {answer.Value}, which has no batches of downloads.", $"Install slskd {Oldest} or later."));
    }

    private SettingProblem ProblemOf(SlskdFault fault)
    {
        if (fault.IsKeyRefused)
        {
            return new(
                ExitCode.Unreachable,
                ProviderKeys.SlskdApiKey.Name,
                "slskd refuses the key.",
                "Give a key that stands in slskd's web.authentication.api_keys, and let the cidr of that key include this machine.");
        }

        if (fault.IsUnreachable)
            return new(ExitCode.Unreachable, ProviderKeys.Slskd.Name, $"nothing answers at {Shown()} ({fault.Sentence.TrimEnd('.')}).", "Start slskd, or correct the address.");
        return fault.IsNotSlskd
            ? new(ExitCode.Unreachable, ProviderKeys.Slskd.Name, $"{Shown()} answers, but not as slskd's API does ({fault.Sentence}).", "Give the address slskd itself answers at, with its url_base and without /api.")
            : new(ExitCode.Unreachable, ProviderKeys.Slskd.Name, $"slskd does not work at {Shown()} ({fault.Sentence}).", "Look at the log of slskd.");
    }

    // Without a user and password that the address may hold.
    private string Shown() => Addresses.Slskd(settings).GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);

    [GeneratedRegex(@"^\d+\.\d+(\.\d+)?", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Leading();
}
