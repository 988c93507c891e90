using System.Globalization;

namespace Harmony.Sandbox.Images;

/// <summary>A picture for every hash: two colours blending, a disc upon them.</summary>
internal static class Covers
{
    /// <summary>A few hosts serve PNG where one expects JPEG: one hash in sixteen does.</summary>
    public static bool IsPng(string hash) => hash[^1] == 'f';

    public static bool LacksOriginal(string hash) => hash[^2] < '4';

    public static byte[] Draw(string hash, int size)
    {
        var pixels = Paint(hash, size);
        return IsPng(hash) ? PngEncoder.Encode(pixels, size) : JpegEncoder.Encode(pixels, size);
    }

    /// <summary>Rows of red, green, blue.</summary>
    private static byte[] Paint(string hash, int size)
    {
        var top = Colour(hash, 0);
        var bottom = Colour(hash, 6);
        var disc = Colour(hash, 12);
        var (x0, y0) = (Digit(hash, 18) * size / 32 + (size / 4), Digit(hash, 19) * size / 32 + (size / 4));
        var radius = size * (4 + (Digit(hash, 20) / 3)) / 32;
        var pixels = new byte[size * size * 3];
        for (var y = 0; y < size; y++)
        {
            for (var x = 0; x < size; x++)
            {
                var inside = ((x - x0) * (x - x0)) + ((y - y0) * (y - y0)) < radius * radius;
                for (var c = 0; c < 3; c++)
                    pixels[(((y * size) + x) * 3) + c] = inside ? disc[c] : (byte)(((top[c] * (size - y)) + (bottom[c] * y)) / size);
            }
        }
        return pixels;
    }

    private static byte[] Colour(string hash, int at) => Convert.FromHexString(hash.AsSpan(at, 6));

    private static int Digit(string hash, int at) => int.Parse(hash.AsSpan(at, 1), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
