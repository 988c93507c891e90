using Harmony.Sandbox.Catalog;

namespace Harmony.Sandbox.Audio;

/// <summary>A soft tune of half-second notes, its own for every key. Each note swells from and falls to silence.</summary>
internal static class Melody
{
    private const int NoteLength = FlacEncoder.SampleRate / 2;
    private const double Loudness = 2200;
    private static readonly double[] Scale = [130.81, 146.83, 164.81, 196.00, 220.00, 261.63, 293.66, 329.63];

    public static int SamplesIn(int durationMs) => (int)((long)durationMs * FlacEncoder.SampleRate / 1000);

    public static short[] Play(string key, int durationMs)
    {
        var dice = new Dice(0, key);
        var samples = new short[SamplesIn(durationMs)];
        for (var start = 0; start < samples.Length; start += NoteLength)
        {
            var length = Math.Min(NoteLength, samples.Length - start);
            var step = 2 * Math.PI * dice.Pick(Scale) / FlacEncoder.SampleRate;
            for (var i = 0; i < length; i++)
            {
                var swell = Math.Sin(Math.PI * i / NoteLength);
                samples[start + i] = (short)Math.Round(Loudness * swell * swell * Math.Sin(step * i));
            }
        }
        return samples;
    }
}
