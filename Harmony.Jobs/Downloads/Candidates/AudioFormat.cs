using Harmony.Jobs.Providers.Slskd;

namespace Harmony.Jobs.Downloads.Candidates;

/// <summary>The format of a peer's file according to the peer; null for a file that is no audio.</summary>
public static class AudioFormat
{
    // An m4a holds AAC or ALAC: a bit depth, or a bit rate beyond every lossy encoder, means ALAC.
    private const int LossyCeiling = 400;

    private static readonly Dictionary<string, string> ByExtension = new()
    {
        ["flac"] = "FLAC",
        ["mp3"] = "MP3",
        ["ape"] = "APE",
        ["ogg"] = "OGG",
        ["oga"] = "OGG",
        ["opus"] = "OPUS",
        ["wav"] = "WAV",
        ["wma"] = "WMA",
        ["aac"] = "AAC",
        ["wv"] = "WAVPACK",
        ["aif"] = "AIFF",
        ["aiff"] = "AIFF",
        ["mpc"] = "MPC",
    };

    private static readonly HashSet<string> Lossless = ["FLAC", "ALAC", "APE", "WAV", "WAVPACK", "AIFF"];

    /// <summary>Every format that a search recognises by the file name.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. ByExtension.Values.Append("ALAC").Distinct().Order(StringComparer.Ordinal)];

    /// <summary>By the suffix of a name, with its point.</summary>
    internal static bool IsAudio(string suffix) =>
        suffix.TrimStart('.').ToLowerInvariant() is var plain && (plain is "m4a" or "mp4" or "alac" || ByExtension.ContainsKey(plain));

    internal static string? Of(SlskdFile file, string extension) =>
        extension is "m4a" or "mp4" or "alac"
            ? extension == "alac" || file.BitDepth is > 0 || file.BitRate > LossyCeiling ? "ALAC" : "AAC"
            : ByExtension.GetValueOrDefault(extension);

    public static bool IsLossless(string format) => Lossless.Contains(format);
}
