using Harmony.Data.Artists;
using Harmony.Data.Downloads;
using Harmony.Data.Ingest;
using Harmony.Jobs.Files;
using Harmony.Orchestrator;

namespace Harmony.Jobs.Downloads;

/// <summary>Moves the tagged copy to its place in the library; the row, the posted item and the follow-up jobs change together.</summary>
internal sealed class ShelveStage(
    ReleasesRepository releases,
    DownloadStagesRepository stages,
    IngestRepository ingest,
    Enrichments enrichments,
    DownloadFolders folders,
    LibraryPath library)
    : IDownloadStage
{
    public IReadOnlyList<string> From { get; } = [DownloadStage.Tagged];

    public async Task<JobEnd?> RunAsync(Download row, JobRun run, CancellationToken cancellationToken)
    {
        var release = row.ReleaseId is { } id ? await releases.FindAsync(id, cancellationToken) : null;
        var tracks = row.ReleaseId is { } releaseId ? await releases.ListTracksAsync(releaseId, cancellationToken) : [];
        var copy = folders.TaggedCopyOf(row);
        var place = library.For(DownloadTags.ShelfOf(row, release, tracks, Path.GetExtension(copy).TrimStart('.')));

        // The copy is missing: an earlier run was stopped between the move and its commit, or the copy was deleted.
        var shelved = File.Exists(copy) ? AtomicMover.Move(copy, place) : ShelvedBefore(row, place);
        if (shelved is null)
        {
            await run.InTransactionAsync(work => stages.RetagAsync(work, row.Id, cancellationToken), cancellationToken);
            return null;
        }

        await run.InTransactionAsync(
            async work =>
            {
                if (await stages.ShelveAsync(work, row.Id, shelved, enrichments.WithArtwork, enrichments.WithLyrics, cancellationToken))
                {
                    await ingest.CompleteOfDownloadAsync(work, row.Id, cancellationToken);
                    await enrichments.EnqueueAsync(work, row, run, cancellationToken);
                }
            },
            cancellationToken);
        return null;
    }

    /// <summary>Our file may have a number after its name; the track's id in its tags identifies it.</summary>
    private static string? ShelvedBefore(Download row, string place)
    {
        var folder = new DirectoryInfo(Path.GetDirectoryName(place)!);
        var (stem, extension) = (Path.GetFileNameWithoutExtension(place), Path.GetExtension(place));
        return folder.Exists && row.SpotifyTrackId is not null
            ? folder
                .EnumerateFiles()
                .Where(f => f.Extension == extension && f.Name.StartsWith(stem, StringComparison.Ordinal))
                .Select(f => f.FullName)
                .FirstOrDefault(path => AudioTags.Read(path).SpotifyTrackId == row.SpotifyTrackId)
            : null;
    }
}
