using Harmony.Data.Downloads;
using Harmony.Jobs.Downloads;

namespace Harmony.Api.Pages.Downloads;

/// <summary>Covers from the library, so that a page asks no other host for pictures.</summary>
internal static class CoverImages
{
    public static string? Of(Download download) =>
        download is { HasArtwork: true, ArtworkPath: not null } ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"/ui/covers/{download.Id}") : null;

    public static async Task<IResult> ServeAsync(long id, HttpContext context, DownloadsRepository downloads, DownloadOptions options, CancellationToken cancellationToken)
    {
        if (await downloads.FindAsync(id, cancellationToken) is not { ArtworkPath: { } path } || ImageIn(options.MusicDir, path) is not { } image)
            return TypedResults.NotFound();

        context.Response.Headers.CacheControl = "private, max-age=3600";
        return TypedResults.PhysicalFile(image.FullName, ContentTypeOf(image.Extension), lastModified: new DateTimeOffset(image.LastWriteTimeUtc, TimeSpan.Zero));
    }

    // The path comes from a table: only pictures inside the library are served, and symbolic links are refused.
    private static FileInfo? ImageIn(string library, string path)
    {
        var root = Path.GetFullPath(library).TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar;
        var file = new FileInfo(Path.GetFullPath(path, root));
        return file.FullName.StartsWith(root, StringComparison.Ordinal) && file is { Exists: true, LinkTarget: null } && ContentTypeOf(file.Extension) is not null
            ? file
            : null;
    }

    private static string? ContentTypeOf(string extension) => extension.ToLowerInvariant() switch
    {
        ".jpg" or ".jpeg" => "image/jpeg",
        ".png" => "image/png",
        _ => null,
    };
}
