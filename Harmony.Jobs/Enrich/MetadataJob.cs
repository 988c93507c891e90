using Harmony.Data.Artists;
using Harmony.Data.Downloads;
using Harmony.Jobs.Files;
using Harmony.Jobs.Providers.Spotify;
using Harmony.Orchestrator;

namespace Harmony.Jobs.Enrich;

internal sealed record MetadataArgs(long DownloadId) : IJobArgs
{
    public static string Kind => "metadata";
}

/// <summary>Adds the values that the track list lacks: genres, copyright, album artist, ISRC.</summary>
internal sealed class MetadataJob(
    ShelvedFile shelf,
    ArtistsRepository artists,
    ReleasesRepository releases,
    EnrichmentRepository enrichment,
    SpotifyCatalog spotify)
    : IJob<MetadataArgs>
{
    public static JobSpec Spec { get; } = new(Lanes.Enrich)
    {
        UniqueKey = "metadata:{download_id}",
        Providers = [SpotifyOptions.Provider],
        MaxRetries = 5,
        OperatorStartable = true,
    };

    public async Task<JobEnd> RunAsync(MetadataArgs args, JobRun run, CancellationToken cancellationToken)
    {
        if (await shelf.FindAsync(args.DownloadId, cancellationToken) is not { } row)
            return ShelvedFile.Gone(args.DownloadId);

        var release = row.ReleaseId is { } id ? await releases.FindAsync(id, cancellationToken) : null;
        var isrc = await IsrcAsync(row, cancellationToken);
        var genres = await GenresAsync(release, cancellationToken);
        var tags = new TrackTags
        {
            AlbumArtist = release is null ? null : [release.AlbumArtist],
            Genres = genres.Count > 0 ? genres : null,
            Copyright = release?.Copyright,
            Isrc = isrc,
        };
        var done = await shelf.EditAsync(
            row,
            run,
            path => shelf.WriteTagsAsync(path, tags, cancellationToken),
            async work =>
            {
                await enrichment.SaveMetadataAsync(
                    work, row.Id, genres.Count > 0 ? string.Join("; ", genres) : null, release?.Copyright, isrc, cancellationToken);
                if (row.TrackId is { } trackId && isrc is not null)
                    await releases.LearnIsrcAsync(work, trackId, isrc, cancellationToken);
            },
            cancellationToken);
        return done ? JobEnd.Done(new { isrc, genres, copyright = release?.Copyright }) : ShelvedFile.Busy();
    }

    // The tracks of an album have no ISRC; only the single track has it.
    private async Task<string?> IsrcAsync(Download row, CancellationToken cancellationToken) =>
        row.Isrc ?? (row.SpotifyTrackId is { } trackId ? (await spotify.GetTrackAsync(trackId, cancellationToken))?.Isrc : null);

    // Spotify rarely gives an album its own genres.
    private async Task<IReadOnlyList<string>> GenresAsync(Release? release, CancellationToken cancellationToken)
    {
        if (release is null || release.Genres.Length > 0)
            return release?.Genres ?? [];

        return (await artists.FindAsync(release.ArtistKey, cancellationToken))?.Genres ?? [];
    }
}
