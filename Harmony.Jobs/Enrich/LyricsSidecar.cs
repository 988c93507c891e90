using System.Text;
using Harmony.Jobs.Providers.Lyrics;

namespace Harmony.Jobs.Enrich;

/// <summary>The <c>.lrc</c> beside the audio file, for synced lyrics; plain lyrics are in the tags only.</summary>
internal static class LyricsSidecar
{
    public static async Task<string?> PlaceAsync(string audioPath, Lyrics lyrics, CancellationToken cancellationToken)
    {
        if (lyrics.Synced is not { } synced)
            return null;

        var target = Path.ChangeExtension(audioPath, ".lrc");
        var draft = $"{target}.tmp";
        await File.WriteAllTextAsync(draft, synced, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), cancellationToken);
        File.Move(draft, target, overwrite: true);
        return target;
    }
}
