using System.Text;

namespace Harmony.Sandbox.Audio;

/// <summary>MP3 of any length: the frames of a short fixture (made without a bit reservoir) over and over, behind an ID3 tag.</summary>
internal sealed class Mp3Loop
{
    private const int SamplesPerFrame = 1152;
    private static readonly int[] Kilobits = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
    private readonly List<byte[]> _frames = [];

    public Mp3Loop(byte[] fixture)
    {
        for (var at = 0; at + 4 <= fixture.Length;)
        {
            if (fixture[at] != 0xFF || fixture[at + 1] != 0xFB)
                throw new InvalidDataException($"no MPEG 1 layer III frame at {at}");
            var length = (144_000 * Kilobits[fixture[at + 2] >> 4] / FlacEncoder.SampleRate) + ((fixture[at + 2] >> 1) & 1);
            _frames.Add(fixture[at..(at + length)]);
            at += length;
        }
    }

    public long SizeOf(int durationMs, string title, string artist)
    {
        var size = (long)Id3(title, artist).Length;
        for (var i = FramesIn(durationMs) - 1; i >= 0; i--)
            size += _frames[i % _frames.Count].Length;
        return size;
    }

    public byte[] Play(int durationMs, string title, string artist)
    {
        using var file = new MemoryStream();
        file.Write(Id3(title, artist));
        for (var i = 0; i < FramesIn(durationMs); i++)
            file.Write(_frames[i % _frames.Count]);
        return file.ToArray();
    }

    private static int FramesIn(int durationMs) => (int)Math.Ceiling(durationMs * 44.1 / SamplesPerFrame);

    private static byte[] Id3(string title, string artist)
    {
        byte[] frames = [.. Frame("TIT2", title), .. Frame("TPE1", artist)];
        return [.. "ID3"u8, 4, 0, 0, .. SevenBit(frames.Length), .. frames];
    }

    private static byte[] Frame(string id, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return [.. Encoding.ASCII.GetBytes(id), .. SevenBit(bytes.Length + 1), 0, 0, 3, .. bytes];
    }

    private static byte[] SevenBit(int number)
        => [(byte)((number >> 21) & 0x7F), (byte)((number >> 14) & 0x7F), (byte)((number >> 7) & 0x7F), (byte)(number & 0x7F)];
}
