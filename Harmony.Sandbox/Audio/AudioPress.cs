using System.Reflection;

namespace Harmony.Sandbox.Audio;

/// <summary>The bytes of a recording in an encoding, and their number beforehand.</summary>
internal sealed class AudioPress
{
    public const int FixtureMs = 24_000;

    private readonly Mp3Loop _high = new(Fixture("tone-320.mp3"));
    private readonly Mp3Loop _low = new(Fixture("tone-128.mp3"));
    private readonly byte[] _ogg = Fixture("tone-24s.ogg");
    private readonly byte[] _m4a = Fixture("tone-24s.m4a");

    public long SizeOf(Recording recording) => recording.Encoding switch
    {
        AudioEncoding.Flac => FlacEncoder.SizeOf(Melody.SamplesIn(recording.DurationMs), Comments(recording)),
        AudioEncoding.Mp3High => _high.SizeOf(recording.DurationMs, recording.Title, recording.Artist),
        AudioEncoding.Mp3Low => _low.SizeOf(recording.DurationMs, recording.Title, recording.Artist),
        AudioEncoding.Ogg => _ogg.Length,
        _ => _m4a.Length,
    };

    public byte[] Press(Recording recording) => recording.Encoding switch
    {
        AudioEncoding.Flac => FlacEncoder.Encode(Melody.Play(recording.Key, recording.DurationMs), Comments(recording)),
        AudioEncoding.Mp3High => _high.Play(recording.DurationMs, recording.Title, recording.Artist),
        AudioEncoding.Mp3Low => _low.Play(recording.DurationMs, recording.Title, recording.Artist),
        AudioEncoding.Ogg => _ogg,
        _ => _m4a,
    };

    // As careless as tags of strangers are: whoever shelves the file has to write them anew.
    private static string[] Comments(Recording recording)
        => [$"TITLE={recording.Title.ToLowerInvariant()}", $"ARTIST={recording.Artist.ToLowerInvariant()}", "COMMENT=ripped by a stranger"];

    private static byte[] Fixture(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)
            ?? throw new FileNotFoundException($"embedded fixture {name} is missing");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
