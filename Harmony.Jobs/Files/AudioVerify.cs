using Harmony.Jobs.Files.Flac;

namespace Harmony.Jobs.Files;

/// <summary>Checks that a downloaded file is complete, has the claimed format, and is as long as the track.</summary>
internal static class AudioVerify
{
    // Peers report whole seconds and the choice allows three: a file chosen by that value must not fail here because of rounding.
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(4);

    // A cut last frame or a few bytes left by an old tool are inaudible.
    private const int AllowedStray = 4096;

    /// <param name="wantedFormats">Null: any.</param>
    public static AudioVerdict Check(string path, long? expectedSize, TimeSpan? expectedDuration, IReadOnlyList<string>? wantedFormats = null)
    {
        if (!File.Exists(path))
            return Bad("missing", "The file is not there.");

        var size = new FileInfo(path).Length;
        if (size == 0 || (expectedSize is { } promised && promised != size))
            return Bad("size_mismatch", $"The file has {size} bytes instead of {expectedSize?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "some"}.");

        if (AudioContainer.Of(path) is not { } format)
            return Bad("unknown_format", "The file does not begin like any audio we know.");

        var verdict = Sound(path, format);
        // A container of M4A without ALAC holds AAC.
        var found = verdict.Format == "M4A" ? "AAC" : verdict.Format;
        if (verdict.Ok && wantedFormats?.Contains(found, StringComparer.OrdinalIgnoreCase) == false)
        {
            return verdict with
            {
                Ok = false,
                ReasonCode = "format_not_wanted",
                Sentence = $"It is called {Path.GetExtension(path)} and holds {found}, which is not among the wanted formats: {string.Join(", ", wantedFormats)}.",
            };
        }

        return verdict.Ok && expectedDuration is { } wanted && (verdict.Duration - wanted).Duration() > Tolerance
            ? verdict with { Ok = false, ReasonCode = "duration_mismatch", Sentence = $"The file plays {verdict.Duration.TotalSeconds:0.#} s instead of {wanted.TotalSeconds:0.#} s." }
            : verdict;
    }

    private static AudioVerdict Sound(string path, string format)
    {
        var found = format switch
        {
            AudioContainer.Flac => Flac(path),
            AudioContainer.Mp3 => Mp3(path),
            _ => new AudioVerdict(Ok: true, null, null, format, TimeSpan.Zero),
        };
        if (!found.Ok)
            return found;

        var probe = AudioTags.Probe(path);
        if (probe.Fault is { } fault)
            return Bad("unreadable", $"The tags cannot be read: {fault}", format);

        // The frames were counted for FLAC and MP3; for other formats the duration of the container is used.
        return found.Duration > TimeSpan.Zero ? found : found with { Format = probe.Format ?? format, Duration = probe.Duration };
    }

    private static AudioVerdict Flac(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1, FileOptions.SequentialScan);
        var finding = FlacCheck.Run(file);
        return finding.Fault is null
            ? new AudioVerdict(Ok: true, null, null, AudioContainer.Flac, finding.Duration)
            : new AudioVerdict(Ok: false, "corrupt", $"The FLAC is broken: {finding.Fault}.", AudioContainer.Flac, finding.Duration);
    }

    private static AudioVerdict Mp3(string path)
    {
        var walk = Mp3Walk.Of(path);
        return walk.Frames > 0 && walk.StrayBytes <= AllowedStray
            ? new AudioVerdict(Ok: true, null, null, AudioContainer.Mp3, walk.Duration)
            : new AudioVerdict(Ok: false, "corrupt", $"The MP3 is broken: {walk.StrayBytes} bytes belong to none of its {walk.Frames} frames.", AudioContainer.Mp3, walk.Duration);
    }

    private static AudioVerdict Bad(string code, string sentence, string format = "unknown") =>
        new(Ok: false, code, sentence, format, TimeSpan.Zero);
}
