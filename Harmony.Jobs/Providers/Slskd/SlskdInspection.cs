using Harmony.Jobs.Providers.Http;
using Harmony.Orchestrator;

namespace Harmony.Jobs.Providers.Slskd;

/// <summary>Asks slskd about its own set-up. A refusal is a value here: no job waits for the answer.</summary>
public sealed class SlskdInspection
{
    private readonly SlskdClient _slskd;

    internal SlskdInspection(SlskdClient slskd) => _slskd = slskd;

    /// <summary>Also the check of address and key: this route needs both.</summary>
    public Task<SlskdAnswer<bool>> IsLoggedInAsync(CancellationToken cancellationToken) => AskAsync(_slskd.IsLoggedInAsync, cancellationToken);

    public Task<SlskdAnswer<string>> GetVersionAsync(CancellationToken cancellationToken) => AskAsync(_slskd.GetVersionAsync, cancellationToken);

    /// <summary>Paths relative to slskd's download folder, with slashes.</summary>
    public Task<SlskdAnswer<IReadOnlyList<string>>> ListDownloadedFilesAsync(CancellationToken cancellationToken) => AskAsync(_slskd.ListDownloadedFilesAsync, cancellationToken);

    /// <summary>The path of that folder for slskd; empty when it does not say.</summary>
    public Task<SlskdAnswer<string>> GetDownloadsFolderAsync(CancellationToken cancellationToken) => AskAsync(_slskd.GetDownloadsFolderAsync, cancellationToken);

    private static async Task<SlskdAnswer<T>> AskAsync<T>(Func<CancellationToken, Task<T>> ask, CancellationToken cancellationToken)
    {
        try
        {
            return new(await ask(cancellationToken), null);
        }
        catch (ProviderException failed)
        {
            return new(default, new(failed.Code, failed.Message));
        }
        catch (PermanentJobException refused)
        {
            return new(default, new(refused.ReasonCode, refused.Message));
        }
        catch (ProviderBlockedException blocked)
        {
            return new(default, new("blocked", blocked.Message));
        }
    }
}
