using System.Buffers.Binary;
using System.Security.Cryptography;
using Harmony.Jobs.Files.Flac;

namespace Harmony.Tests.Files;

/// <summary>Writes small FLAC files by hand, one subframe kind at a time, so that the decoder is held against the format and not against an encoder.</summary>
internal sealed class FlacBuilder(int channels, int depth, int block = 192)
{
    private const int SampleRate = 22_050;

    private readonly List<byte[]> _frames = [];
    private readonly MemoryStream _pcm = new();
    private long _samples;

    public static Action<BitSink, long[], int> Verbatim { get; } = (bits, samples, width) =>
    {
        bits.Put(0b0_000001_0, 8);
        Array.ForEach(samples, sample => bits.Put(sample, width));
    };

    public static Action<BitSink, long[], int> Constant { get; } = (bits, samples, width) =>
    {
        bits.Put(0b0_000000_0, 8);
        bits.Put(samples[0], width);
    };

    public static Action<BitSink, long[], int> FixedWithRice { get; } = (bits, samples, width) =>
    {
        bits.Put(0b0_001001_0, 8); // first order
        bits.Put(samples[0], width);
        bits.Put(0b00_0000_0011, 10); // four-bit parameters, one partition, parameter 3
        for (var at = 1; at < samples.Length; at++)
            bits.PutRice(samples[at] - samples[at - 1], 3);
    };

    public static Action<BitSink, long[], int> PredictedWithEscape { get; } = (bits, samples, width) =>
    {
        bits.Put(0b0_100001_0, 8); // two factors
        bits.Put(samples[0], width);
        bits.Put(samples[1], width);
        bits.Put(5 - 1, 4);
        bits.Put(1, 5); // shift
        bits.Put(4, 5); // 2·previous
        bits.Put(-2, 5); // − the one before
        bits.Put(0b00_0001, 6); // two partitions
        for (var at = 2; at < samples.Length; at++)
        {
            if (at == 2 || at == samples.Length / 2)
            {
                bits.Put(15, 4);
                bits.Put(20, 5);
            }

            bits.Put(samples[at] - ((4 * samples[at - 1]) - (2 * samples[at - 2]) >> 1), 20);
        }
    };

    public static Action<BitSink, long[], int> WithWastedBits { get; } = (bits, samples, width) =>
    {
        bits.Put(0b0_000001_1, 8);
        bits.Put(0b01, 2); // two of them
        Array.ForEach(samples, sample => bits.Put(sample >> 2, width - 2));
    };

    /// <summary>Mode 0 to 7: one channel more than the number; 8 left/side, 9 side/right, 10 mid/side.</summary>
    public FlacBuilder Frame(int mode, Action<BitSink, long[], int> kind, params long[][] sound)
    {
        var bits = new BitSink();
        bits.Put(0x3FFE, 14);
        bits.Put(0, 2);
        bits.Put(7, 4); // block size as 16 bits behind the number
        bits.Put(0, 4);
        bits.Put(mode, 4);
        bits.Put(0, 4);
        bits.Put(_frames.Count, 8);
        bits.Put(sound[0].Length - 1, 16);
        bits.Put(FlacCrc.Crc8(bits.ToArray()), 8);
        var coded = mode switch
        {
            8 => [sound[0], [.. sound[0].Zip(sound[1], (left, right) => left - right)]],
            9 => [[.. sound[0].Zip(sound[1], (left, right) => left - right)], sound[1]],
            10 => new[] { [.. sound[0].Zip(sound[1], (left, right) => (left + right) >> 1)], sound[0].Zip(sound[1], (left, right) => left - right).ToArray() },
            _ => sound,
        };
        for (var channel = 0; channel < coded.Length; channel++)
        {
            var isSide = mode is 8 or 10 ? channel == 1 : mode == 9 && channel == 0;
            kind(bits, coded[channel], depth + (isSide ? 1 : 0));
        }

        bits.Pad();
        bits.Put(FlacCrc.Crc16(bits.ToArray()), 16);
        _frames.Add(bits.ToArray());
        Listen(sound);
        return this;
    }

    public byte[] ToArray(long? promisedSamples = null, byte[]? md5 = null)
    {
        var info = new BitSink();
        info.Put(block, 16);
        info.Put(block, 16);
        info.Put(0, 48);
        info.Put(SampleRate, 20);
        info.Put(channels - 1, 3);
        info.Put(depth - 1, 5);
        info.Put(promisedSamples ?? _samples, 36);
        return [.. "fLaC"u8, 0x80, 0, 0, 34, .. info.ToArray(), .. md5 ?? MD5.HashData(_pcm.ToArray()), .. _frames.SelectMany(frame => frame)];
    }

    private void Listen(long[][] sound)
    {
        _samples += sound[0].Length;
        var word = new byte[8];
        for (var at = 0; at < sound[0].Length; at++)
        {
            foreach (var channel in sound)
            {
                BinaryPrimitives.WriteInt64LittleEndian(word, channel[at]);
                _pcm.Write(word, 0, (depth + 7) / 8);
            }
        }
    }

    internal sealed class BitSink
    {
        private readonly List<byte> _bytes = [];
        private int _used = 8;

        public void Put(long value, int width)
        {
            for (var bit = width - 1; bit >= 0; bit--)
            {
                if (_used == 8)
                {
                    _bytes.Add(0);
                    _used = 0;
                }

                _bytes[^1] |= (byte)(((value >> bit) & 1) << (7 - _used++));
            }
        }

        public void PutRice(long value, int parameter)
        {
            var folded = value >= 0 ? value << 1 : (-value << 1) - 1;
            for (var zeros = folded >> parameter; zeros > 0; zeros--)
                Put(0, 1);

            Put(1, 1);
            Put(folded, parameter);
        }

        public void Pad() => _used = 8;

        public byte[] ToArray() => [.. _bytes];
    }
}
