using Harmony.Data.Artists;
using Harmony.Data.Downloads;
using Harmony.Jobs.Files;
using Harmony.Jobs.Providers.Artwork;
using Harmony.Orchestrator;

namespace Harmony.Jobs.Enrich;

internal sealed record ArtworkArgs(long DownloadId) : IJobArgs
{
    public static string Kind => "artwork";
}

/// <summary>Fetches the cover and writes it into the file, and beside it for players that read it there.</summary>
internal sealed class ArtworkJob(ShelvedFile shelf, ReleasesRepository releases, EnrichmentRepository enrichment, CoverFetcher covers)
    : IJob<ArtworkArgs>
{
    public static JobSpec Spec { get; } = new(Lanes.Enrich)
    {
        UniqueKey = "artwork:{download_id}",
        Providers = [ArtworkOptions.Provider],
        MaxRetries = 5,
        OperatorStartable = true,
    };

    public async Task<JobEnd> RunAsync(ArtworkArgs args, JobRun run, CancellationToken cancellationToken)
    {
        if (await shelf.FindAsync(args.DownloadId, cancellationToken) is not { } row)
            return ShelvedFile.Gone(args.DownloadId);

        if (await AddressAsync(row, cancellationToken) is not { } address)
        {
            await run.InTransactionAsync(work => enrichment.SaveArtworkAsync(work, row.Id, null, null, "none", cancellationToken), cancellationToken);
            return JobEnd.Done(new { status = "none" });
        }

        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri))
            throw new PermanentJobException("invalid_artwork_url", $"'{address}' is no address of an image.");

        var cover = await covers.FetchAsync(uri, cancellationToken);
        string? beside = null;
        var done = await shelf.EditAsync(
            row,
            run,
            async path =>
            {
                await shelf.WriteTagsAsync(path, new TrackTags { Cover = cover }, cancellationToken);
                beside = await AlbumCover.PlaceAsync(path, cover, cancellationToken);
            },
            work => enrichment.SaveArtworkAsync(work, row.Id, address, beside, "done", cancellationToken),
            cancellationToken);
        return done ? JobEnd.Done(new { status = "done", cover.Width, cover.Height, path = beside }) : ShelvedFile.Busy();
    }

    private async Task<string?> AddressAsync(Download row, CancellationToken cancellationToken) =>
        row.ArtworkUrl ?? (row.ReleaseId is { } id ? (await releases.FindAsync(id, cancellationToken))?.CoverUrl : null);
}
