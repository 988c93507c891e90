using Harmony.Data.Artists;

namespace Harmony.Tests.Postgres;

/// <summary>Small rows of the library for tests of its repositories.</summary>
internal static class LibraryRows
{
    public static async Task<(long ArtistId, long ReleaseId)> AlbumAsync(TestDatabase db, string artist, string release, params string[] tracks)
    {
        var cancellationToken = CancellationToken.None;
        var (artists, releases) = (new ArtistsRepository(db.Database), new ReleasesRepository(db.Database));
        return await db.Database.InTransactionAsync(
            async work =>
            {
                var artistId = await artists.EnsureAsync(work, new ArtistWrite($"spotify:{artist}", "spotify", artist, artist, [], "[]", "e"), cancellationToken);
                var releaseId = await releases.EnsureAsync(work, artistId, $"spotify:{artist}", Release(release), cancellationToken);
                var details = new ReleaseDetails(releaseId, null, ["folk"], "℗ nobody", null, null, [.. tracks.Select((t, at) => Track(t, at + 1))]);
                await releases.SaveDetailsAsync(work, [details], cancellationToken);
                return (artistId, releaseId);
            },
            cancellationToken);
    }

    public static ReleaseWrite Release(string id, string? date = "2024-05-01", string etag = "e") =>
        new(id, id, "someone", date, date is null ? null : DateOnly.ParseExact(date, "yyyy-MM-dd", null), "album", 1, null, etag);

    public static TrackWrite Track(string id, int number) => new(id, id, 1, number, 200_000, null, false, [new("a1", "Solo"), new("a2", "Guest")]);
}
