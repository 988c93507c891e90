using Harmony.Jobs.Providers.Artwork;

namespace Harmony.Jobs.Enrich;

/// <summary>The cover in the album's folder: written once, completely or not at all.</summary>
internal static class AlbumCover
{
    public static async Task<string> PlaceAsync(string audioPath, Cover cover, CancellationToken cancellationToken)
    {
        var target = Path.Combine(Path.GetDirectoryName(audioPath)!, "cover" + ExtensionOf(cover.MimeType));
        var draft = $"{audioPath}.cover.tmp";
        // Several tracks of one album may write it; the first cover stays, also one from the owner.
        if (File.Exists(target))
        {
            File.Delete(draft);
            return target;
        }

        await File.WriteAllBytesAsync(draft, cover.Bytes, cancellationToken);
        File.Move(draft, target, overwrite: true);
        return target;
    }

    private static string ExtensionOf(string mimeType) => mimeType switch
    {
        "image/png" => ".png",
        "image/webp" => ".webp",
        _ => ".jpg",
    };
}
